import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  base64OfBytes,
  bytesOfBase64,
  bytesOfHex,
  bytesOfText,
  concatBytes,
  hexOfBytes,
  isBase64,
  sameBytes,
  textOfBytes,
} from './bytes.ts'

const bytes = fc.uint8Array({ maxLength: 200 })

test('hex and base64 give back the bytes, as Node.js writes them', () => {
  fc.assert(
    fc.property(bytes, (each) => {
      assert.equal(hexOfBytes(each), Buffer.from(each).toString('hex'))
      assert.equal(base64OfBytes(each), Buffer.from(each).toString('base64'))
      assert.ok(sameBytes(bytesOfHex(hexOfBytes(each)), each))
      assert.ok(sameBytes(bytesOfBase64(base64OfBytes(each)), each))
    }),
  )
})

test('base64 has one spelling: any other text for the same bytes is refused', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), (text) => {
      if (isBase64(text)) assert.equal(base64OfBytes(bytesOfBase64(text)), text)
      else assert.throws(() => bytesOfBase64(text), RangeError)
    }),
  )
  for (const text of ['AAF=', 'AB==', 'A', 'AA', 'AAA', '=', 'AAA==', 'AA=A', 'A-_A', 'AAA\n'])
    assert.ok(!isBase64(text), text)
  for (const text of ['', 'AAE=', 'AA==', 'AAAA', '+/+/']) assert.ok(isBase64(text), text)
})

test('large bytes survive base64, though a call takes few arguments', () => {
  const large = new Uint8Array(300_000).map((_, i) => i % 251)
  assert.ok(sameBytes(bytesOfBase64(base64OfBytes(large)), large))
})

test('hex in capitals, or of half a byte, is refused', () => {
  for (const text of ['AB', 'a', 'ag', 'ab ', 'ab\n'])
    assert.throws(() => bytesOfHex(text), RangeError)
})

test('text survives, with its byte order mark; bytes of no character are refused', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.equal(textOfBytes(bytesOfText(text)), text)
    }),
  )
  assert.equal(textOfBytes(bytesOfText('\ufefftext')), '\ufefftext')
  assert.throws(() => textOfBytes(Uint8Array.of(255)), TypeError)
  assert.throws(() => textOfBytes(Uint8Array.of(0xc0, 0x80)), TypeError)
})

test('joined bytes own their memory', () => {
  const part = Uint8Array.of(1, 2)
  const whole = concatBytes(part, Uint8Array.of(3))
  part[0] = 9
  assert.deepEqual([...whole], [1, 2, 3])
  assert.ok(!sameBytes(whole, Uint8Array.of(1, 2)))
})
