import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { growingBytes } from './growing-bytes.ts'

test('pieces of every size come out as one', () => {
  for (const sizes of [[0, 1, 70_000, 3, 200_000, 1], [1_000_000, 100_000, 5], [3_000_000]]) {
    const pieces = sizes.map((size) => randomBytes(size))
    const expected = new Uint8Array(Buffer.concat(pieces))
    const came = growingBytes(expected.length)
    for (const piece of pieces) came.add(piece)
    assert.deepEqual(came.whole(), expected)
  }
})

test('never more than was said', () => {
  const came = growingBytes(10)
  came.add(new Uint8Array(10))
  assert.throws(() => came.add(new Uint8Array(1)), RangeError)
})
