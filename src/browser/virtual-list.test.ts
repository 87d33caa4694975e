import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { heightOf, scrollFor, sliceOf, topOf } from './virtual-list.ts'

const sizes = { row: 50, head: 28 }
const sections = [{ rows: 3 }, { rows: 0 }, { rows: 100 }, { rows: 2 }]

test('the height is that of all rows and of the headings of parts that have rows', () => {
  assert.equal(heightOf(sections, sizes), 105 * 50 + 3 * 28)
  assert.equal(heightOf([], sizes), 0)
})

test('a row stands below the headings before it', () => {
  assert.equal(topOf(sections, sizes, 0), 28)
  assert.equal(topOf(sections, sizes, 2), 128)
  assert.equal(topOf(sections, sizes, 3), 28 + 150 + 28)
  assert.equal(topOf(sections, sizes, 103), heightOf(sections, sizes) - 100)
})

test('the first part of a slice keeps its heading, so that it can stick', () => {
  const slice = sliceOf(sections, sizes, 1000, 500, 0)
  assert.deepEqual(slice.parts, [{ section: 2, from: 18, to: 29 }])
  assert.equal(slice.before, topOf(sections, sizes, 18) - 28)
})

test('above the list, the first rows are drawn', () => {
  assert.deepEqual(sliceOf(sections, sizes, -300, 800, 0).parts, [
    { section: 0, from: 0, to: 3 },
    { section: 2, from: 3, to: 9 },
  ])
})

test('property: everything in sight is drawn, and not much more', () => {
  const lists = fc.array(fc.record({ rows: fc.nat(400) }), { maxLength: 6 })
  fc.assert(
    fc.property(
      lists,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat(1200),
      (all, share, height) => {
        const top = share * heightOf(all, sizes)
        const { before, parts } = sliceOf(all, sizes, top, height, 4)
        const drawn = new Set(parts.flatMap(({ from, to }) => range(from, to)))
        const count = all.reduce((sum, { rows }) => sum + rows, 0)
        for (const index of range(0, count)) {
          const at = topOf(all, sizes, index)
          if (at + sizes.row > top && at < top + height) assert.ok(drawn.has(index))
        }
        assert.ok(drawn.size <= height / sizes.row + 2 * (4 + all.length) + 2)
        const first = parts[0]
        if (first !== undefined) assert.equal(before, topOf(all, sizes, first.from) - sizes.head)
        for (const [n, part] of parts.entries())
          assert.ok(n === 0 || part.from === parts[n - 1]?.to, 'no hole between parts')
      },
    ),
  )
})

test('a row that stands free is not scrolled to; one under a bar is', () => {
  const view = { top: 1000, height: 800, above: 28, below: 56 }
  assert.equal(scrollFor(1200, 50, view), undefined)
  assert.equal(scrollFor(1010, 50, view), 982)
  assert.equal(scrollFor(1740, 50, view), 1046)
  assert.equal(scrollFor(10, 50, view), 0)
})

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, n) => from + n)
}
