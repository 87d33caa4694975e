import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { drawn } from './architecture.ts'
import { readRooms } from './rooms.ts'

const page = readFileSync('ARCHITECTURE.md', 'utf8')
const rooms = readRooms()

test('the table and the picture of the rooms are what rooms.json says', () => {
  for (const { file, text } of drawn(rooms, page))
    assert.equal(readFileSync(file, 'utf8'), text, `${file}: run node tools/architecture.ts`)
})

test('a wall that moved changes both', () => {
  const { cli, seal } = rooms
  assert.ok(cli !== undefined && seal !== undefined)
  const moved = { ...rooms, cli: { ...cli, enters: [...cli.enters, 'store'] } }
  const before = drawn(rooms, page)
  const after = drawn(moved, page)
  assert.deepEqual(
    after.map(({ file, text }, at) => [file, text === before[at]?.text]),
    before.map(({ file }) => [file, false]),
  )
})

test('every room stands in the picture, once, and no box covers another', () => {
  const picture = drawn(rooms, page)[1]?.text ?? ''
  const names = [...picture.matchAll(/class="name [a-z]+"[^>]*>([a-z]+)</g)].map(
    ([, name]) => name ?? '',
  )
  assert.deepEqual(names.toSorted(), Object.keys(rooms).toSorted())
  const boxes = [...picture.matchAll(/x="([\d.]+)" y="([\d.]+)" width="108"/g)].map(
    ([, x, y]) => [Number(x), Number(y)] as const,
  )
  assert.equal(boxes.length, names.length)
  for (const [at, [x, y]] of boxes.entries()) {
    assert.ok(x >= 0 && x + 108 <= 880, 'a box hangs out of the picture')
    for (const [otherX, otherY] of boxes.slice(at + 1))
      assert.ok(y !== otherY || Math.abs(x - otherX) > 108, 'a box covers another')
  }
})

test('a page without its two marks is refused', () => {
  assert.throws(() => drawn(rooms, 'no marks'), /two marks/)
  assert.throws(() => drawn(rooms, `${page}${page}`), /two marks/)
})
