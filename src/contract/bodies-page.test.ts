import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readBodiesPage, writeBodiesPage } from './index.ts'

const bytes = (...values: number[]) => Uint8Array.from(values)

test('a page of bodies survives being written and read', () => {
  const page = {
    from: 7,
    bodies: [
      { seq: 7, bytes: bytes(1, 2, 3) },
      { seq: 70_000, bytes: bytes() },
      { seq: 70_001, bytes: bytes(255) },
    ],
  }
  assert.deepEqual(readBodiesPage(writeBodiesPage(page)), page)
  const none = { from: 0, bodies: [] }
  assert.deepEqual(readBodiesPage(writeBodiesPage(none)), none)
})

test('a page that is cut anywhere but between two bodies is refused', () => {
  const whole = writeBodiesPage({
    from: 1,
    bodies: [
      { seq: 1, bytes: bytes(1, 2, 3) },
      { seq: 2, bytes: bytes(4, 5) },
    ],
  })
  const between = new Set([4, 4 + 8 + 3])
  for (let end = 0; end < whole.length; end++)
    if (!between.has(end)) assert.throws(() => readBodiesPage(whole.slice(0, end)), RangeError)
})
