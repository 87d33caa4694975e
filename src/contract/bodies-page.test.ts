import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { bytesOfHex, hexOfBytes } from '#lexicon'
import { readBodiesPage, writeBodiesPage } from './index.ts'

const FORMAT = join(import.meta.dirname, '../../docs/formats/bodies-page.md')
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

test('the example of docs/formats is such a page, byte for byte', () => {
  const [, example = ''] = /## Example.*?```\n(.*?)```/s.exec(readFileSync(FORMAT, 'utf8')) ?? []
  const hex = example
    .split('\n')
    .map((line) => /^(?:[0-9a-f]{2,8} ?)+(?= {2})/.exec(line)?.[0] ?? '')
    .join('')
    .replaceAll(' ', '')
  const page = {
    from: 2,
    bodies: [
      { seq: 2, bytes: bytes(0xa1, 0xb2, 0xc3) },
      { seq: 4, bytes: bytes(0xff) },
    ],
  }
  assert.equal(hexOfBytes(writeBodiesPage(page)), hex)
  assert.deepEqual(readBodiesPage(bytesOfHex(hex)), page)
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
