import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { bytesOfHex, hexOfBytes } from '#lexicon'
import { isPerson, signerOfSeed, verifySignature } from './person.ts'

const file = new URL('../../vectors/small-order.json', import.meta.url)
const SMALL = JSON.parse(readFileSync(file, 'utf8')) as readonly string[]

test('keys of small order are refused with either sign bit', () => {
  assert.equal(SMALL.length, 5)
  for (const key of SMALL) {
    const signed = bytesOfHex(key)
    signed[31] = (signed[31] ?? 0) | 0x80
    assert.ok(!isPerson(key), key)
    assert.ok(!isPerson(hexOfBytes(signed)), hexOfBytes(signed))
  }
})

test('keys that are not canonical are refused with either sign bit', () => {
  // p to 2^255 − 1, lowest byte first: ed…7f to ff…7f.
  for (let low = 0xed; low <= 0xff; low++)
    for (const high of ['7f', 'ff'])
      assert.ok(!isPerson(`${low.toString(16)}${'ff'.repeat(30)}${high}`))
  assert.ok(isPerson(`eb${'ff'.repeat(30)}7f`))
})

test('only 64 lower-case digits are a person', () => {
  const key = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'
  assert.ok(isPerson(key))
  for (const other of [key.toUpperCase(), key.slice(2), `${key}00`, `${key}\n`, '', 1, undefined])
    assert.ok(!isPerson(other))
})

test('the first vector of RFC 8032 7.1', async () => {
  const seed = bytesOfHex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60')
  const signer = await signerOfSeed(seed)
  assert.equal(signer.who, 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a')
  const signature = await signer.sign(new Uint8Array(0))
  assert.equal(
    signature,
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  )
  assert.ok(await verifySignature(signer.who, new Uint8Array(0), signature))
})

test('a signature is valid for its person and message alone', async () => {
  const seed = fc.uint8Array({ minLength: 32, maxLength: 32 })
  const message = fc.uint8Array({ maxLength: 100 })
  await fc.assert(
    fc.asyncProperty(seed, message, fc.nat(511), async (own, text, bit) => {
      const signer = await signerOfSeed(new Uint8Array(own))
      const signed = new Uint8Array(text)
      const signature = await signer.sign(signed)
      assert.ok(await verifySignature(signer.who, signed, signature))
      const bent = bytesOfHex(signature)
      bent[bit >> 3] = (bent[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      assert.ok(!(await verifySignature(signer.who, signed, hexOfBytes(bent))))
      const longer = new Uint8Array([...signed, 0])
      assert.ok(!(await verifySignature(signer.who, longer, signature)))
    }),
    { numRuns: 40 },
  )
})

test('malformed keys and signatures are not valid, and throw nothing', async () => {
  const { who } = await signerOfSeed(new Uint8Array(32).fill(1))
  const message = new Uint8Array(32)
  for (const [by, signature] of [
    [who, ''],
    [who, 'ab'],
    [who, 'AB'.repeat(64)],
    [who, 'zz'.repeat(64)],
    ['', 'ab'.repeat(64)],
    [SMALL[1] ?? '', `01${'00'.repeat(63)}`],
  ] as const)
    assert.equal(await verifySignature(by, message, signature), false)
  await assert.rejects(signerOfSeed(new Uint8Array(31)), RangeError)
})
