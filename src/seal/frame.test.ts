import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { FRAME_HEAD, frame, frameSize, padme, unframe } from './frame.ts'
import { Refused, type RefusedCode } from './refused.ts'

const slot = new Uint8Array(32).fill(3)
const refused = (code: RefusedCode) => (error: unknown) =>
  error instanceof Refused && error.code === code

/** Padmé in whole numbers, apart from the code that is tested. */
function padmeByTheBook(length: bigint): bigint {
  const exponent = BigInt(length.toString(2).length - 1)
  const kept = BigInt(exponent.toString(2).length)
  const grain = 1n << (exponent - kept)
  return ((length + grain - 1n) / grain) * grain
}

test('Padmé as it is defined, up to a terabyte', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.integer({ min: 512, max: 70_000 }), fc.integer({ min: 512, max: 2 ** 40 })),
      (length) => {
        assert.equal(BigInt(padme(length)), padmeByTheBook(BigInt(length)))
      },
    ),
  )
  for (let power = 9; power < 40; power++)
    for (const off of [-1, 0, 1]) {
      const length = 2 ** power + off
      if (length >= 512) assert.equal(BigInt(padme(length)), padmeByTheBook(BigInt(length)))
    }
})

test('a padded size is never smaller, never more than 12 per cent larger, and is its own padded size', () => {
  fc.assert(
    fc.property(fc.integer({ min: 512, max: 2 ** 34 }), (length) => {
      const size = padme(length)
      assert.ok(size >= length && size <= length * 1.12)
      assert.equal(padme(size), size)
    }),
  )
})

test('a payload comes back from its frame; another slot, size or padding is refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), fc.nat(), (bytes, at) => {
      const payload = new Uint8Array(bytes)
      const whole = frame(slot, payload)
      assert.equal(whole.length, frameSize(payload.length))
      assert.deepEqual(unframe(slot, whole), payload)
      const padding = whole.length - FRAME_HEAD - payload.length
      if (padding > 0) {
        const bent = whole.slice()
        bent[FRAME_HEAD + payload.length + (at % padding)] = 1
        assert.throws(() => unframe(slot, bent), refused('frame'))
      }
      const elsewhere = whole.slice()
      elsewhere[at % 32] = 9
      assert.throws(() => unframe(slot, elsewhere), refused('slot'))
      for (const other of [whole.slice(0, -1), new Uint8Array([...whole, 0])])
        assert.throws(() => unframe(slot, other), refused('frame'))
    }),
  )
})

test('every length that a frame may name but its own is refused, or cuts at zeros', () => {
  const payload = new Uint8Array(100).fill(7)
  const whole = frame(slot, payload)
  const view = new DataView(whole.buffer)
  for (let length = 0; length <= 600; length++) {
    view.setBigUint64(32, BigInt(length))
    // Longer, within the same padded size: the payload grows by zeros, which its own form then refuses.
    if (length >= 100 && length <= 472) assert.equal(unframe(slot, whole).length, length)
    else assert.throws(() => unframe(slot, whole), refused('frame'))
  }
  for (const length of [2n ** 53n, 2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n]) {
    view.setBigUint64(32, length)
    assert.throws(() => unframe(slot, whole), refused('frame'))
  }
})

test('what is too short for a frame is refused', () => {
  for (const length of [0, 1, 31, 32, 39])
    assert.throws(() => unframe(slot, new Uint8Array(length).fill(3)), refused('slot'))
})
