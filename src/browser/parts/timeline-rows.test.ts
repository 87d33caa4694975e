import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DAY, timeOf } from '#lexicon'
import type { ActShown, EntryShown, PersonShown } from '#worker'
import { lastShown, rowsOf, summaryOf } from './timeline-rows.ts'

const BEGIN = Date.parse('2026-11-12T09:14:00Z')
const someone = (who: string): PersonShown => ({ who, name: who, roles: [], trust: 'compared' })

/** `m` a message, `a` an act by one, `b` an act by another; a day passes at each space. */
function chain(signs: string): readonly EntryShown[] {
  let days = 0
  let seq = 0
  return [...signs].flatMap((sign): readonly EntryShown[] => {
    if (sign === ' ') {
      days += 1
      return []
    }
    const base = {
      id: `id${String(seq)}`,
      seq,
      from: someone(sign),
      at: timeOf(BEGIN + days * DAY),
    }
    seq += 1
    if (sign !== 'm') return [{ ...base, kind: 'act', act: { type: 'acknowledged' } }]
    return [{ ...base, kind: 'sealed', thread: 'all' }]
  })
}

const shape = (signs: string, unseenFrom = Infinity) =>
  rowsOf(chain(signs), unseenFrom).map((row) =>
    row.kind === 'entry'
      ? 'm'
      : row.kind === 'acts'
        ? row.acts.length
        : row.acts.map((line) => line.length),
  )

test('acts of one person at one time are one line', () => {
  assert.deepEqual(shape('maaam'), ['m', 3, 'm'])
  assert.deepEqual(shape('ma a m'), ['m', 1, 1, 'm'])
  assert.deepEqual(shape('mabm'), ['m', 1, 1, 'm'])
})

test('three lines and more are folded', () => {
  assert.deepEqual(shape('m a b aa m'), ['m', [1, 1, 2], 'm'])
})

test('what is new is never folded, and never joined to what is not', () => {
  assert.deepEqual(shape('m a b aa m', 3), ['m', 1, 1, 2, 'm'])
  assert.deepEqual(shape('maaaa', 3), ['m', 2, 2])
})

test('every entry is somewhere, once, in its order', () => {
  const signs = fc
    .array(fc.constantFrom('m', 'a', 'b', ' '), { maxLength: 60 })
    .map((all) => all.join(''))
  fc.assert(
    fc.property(signs, fc.nat(60), (text, unseenFrom) => {
      const entries = chain(text)
      const shown = rowsOf(entries, unseenFrom).flatMap((row): readonly EntryShown[] =>
        row.kind === 'entry' ? [row.entry] : row.acts.flat(),
      )
      assert.deepEqual(shown, entries)
    }),
  )
})

test('of a long case the last rows are shown, and all new ones', () => {
  const rows = rowsOf(chain('m'.repeat(1000)), Infinity)
  assert.equal(lastShown(rows, Infinity, undefined), 940)
  assert.equal(lastShown(rows, 700, undefined), 699)
  assert.equal(lastShown(rows, 990, undefined), 940)
  assert.equal(lastShown(rows, Infinity, 300), 299)
  assert.equal(lastShown(rows.slice(0, 63), Infinity, undefined), 0)
  assert.equal(lastShown([], Infinity, undefined), 0)
})

test('a fold says what is in it, each thing once', () => {
  const lines = [chain('aab') as readonly ActShown[]]
  assert.equal(summaryOf(lines), '3 signed entries: acknowledged the report')
})
