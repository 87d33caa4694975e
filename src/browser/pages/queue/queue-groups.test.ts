import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY, HOUR, timeOf } from '#lexicon'
import type { RowShown } from '#worker'
import { dueSoon, filterRows, groupRows, mergeRows } from './queue-groups.ts'

const now = Date.parse('2026-11-21T23:00:00Z')
const none = new Map<string, string>()

test('rows stand under what their clocks say, in the order in which they came', () => {
  const rows = [
    row('a', -HOUR),
    row('b', HOUR),
    row('c', 2 * DAY),
    row('d', 8 * DAY),
    row('e'),
    row('f', 23 * HOUR),
  ]
  const { rows: shown, groups } = groupRows(rows, none, now)
  assert.equal(ids(shown), 'a b f c d e')
  assert.deepEqual(
    groups.map(({ name, rows: count }) => [name, count]),
    [
      ['over', 1],
      ['day', 2],
      ['week', 1],
      ['later', 1],
      ['none', 1],
    ],
  )
})

test('a clock that ends this second is broken, one that ends in a day is due', () => {
  const { groups } = groupRows([row('a', 0), row('b', DAY)], none, now)
  assert.deepEqual(
    groups.map(({ name }) => name),
    ['over', 'day'],
  )
})

test('who waits for an answer stands before what has time; what is closed is no open end', () => {
  const without = row('x').hints
  const rows = [
    row('a', 2 * DAY),
    { ...row('b'), hints: { ...without, asks: true } },
    row('c'),
    { ...row('d'), hints: { ...without, state: 'closed', asks: true } },
  ]
  const { rows: shown, groups } = groupRows(rows, none, now)
  assert.equal(ids(shown), 'b a c d')
  assert.deepEqual(
    groups.map(({ name }) => name),
    ['asks', 'week', 'none', 'closed'],
  )
})

test('a row that was acknowledged here keeps its place until the list is left', () => {
  const touched = { ...row('a', HOUR), hints: { ...row('a').hints, acknowledged: true } }
  const kept = new Map([['a', timeOf(now + HOUR)]])
  assert.equal(groupRows([touched], kept, now).groups[0]?.name, 'day')
  assert.equal(groupRows([touched], none, now).groups[0]?.name, 'none')
})

test('the filter wants every word, somewhere in title, number, sort, source or person', () => {
  const rows = [
    row('a', HOUR, { title: 'Crafted header', sort: 'invalid' }),
    row('b', HOUR, { title: 'Look-alike package', taken: 'Volunteer 2' }),
  ]
  assert.equal(ids(filterRows(rows, '')), 'a b')
  assert.equal(ids(filterRows(rows, 'crafted HEAD')), 'a')
  assert.equal(ids(filterRows(rows, 'volunteer package')), 'b')
  assert.equal(ids(filterRows(rows, 'nobody')), 'a')
  assert.equal(ids(filterRows(rows, '2026-A')), 'a')
  assert.equal(ids(filterRows(rows, 'not a vuln')), 'a')
  assert.equal(ids(filterRows(rows, 'header package')), '')
})

test('reading the beginning again takes new rows in, drops what left, and keeps what stands further down', () => {
  const old = [row('a', HOUR), row('b', 2 * HOUR), row('c', 3 * HOUR), row('d', 4 * HOUR)]
  const fresh = [row('n', HOUR / 2), row('a', HOUR), row('c', 3 * HOUR)]
  assert.equal(ids(mergeRows(old, fresh, false, none)), 'n a c d')
  assert.equal(ids(mergeRows(old, fresh, true, none)), 'n a c')
})

test('a row that was touched stays where it stood, also when the server has moved or dropped it', () => {
  const old = [row('a', HOUR), row('b', 2 * HOUR), row('c', 3 * HOUR)]
  const kept = new Map([['b', timeOf(now + 2 * HOUR)]])
  const moved = [row('a', HOUR), row('c', 3 * HOUR), row('b')]
  assert.equal(ids(mergeRows(old, moved, true, kept)), 'a b c')
  assert.equal(mergeRows(old, moved, true, kept)[1]?.hints.due, '')
  const dropped = [row('a', HOUR), row('c', 3 * HOUR)]
  assert.equal(ids(mergeRows(old, dropped, true, kept)), 'a b c')
})

test('what is over and what is due within a day is counted apart', () => {
  const rows = [row('a', -HOUR), row('b', HOUR), row('c', 25 * HOUR), row('d')]
  assert.deepEqual(dueSoon(rows, now), { over: 1, day: 1 })
})

type More = { readonly title?: string; readonly sort?: string; readonly taken?: string }

function row(
  id: string,
  dueIn?: number,
  { title = `Case ${id}`, sort = '', taken }: More = {},
): RowShown {
  const due = dueIn === undefined ? '' : timeOf(now + dueIn)
  const person = { who: '01', name: taken ?? '', roles: [], trust: 'compared' } as const
  return {
    id,
    number: `2026-${id.toUpperCase()}`,
    title,
    kind: '',
    hints: {
      source: 'web',
      received: timeOf(now + (dueIn ?? 0) - 7 * DAY),
      due,
      state: 'open',
      sort,
      taken: taken === undefined ? undefined : person,
      acknowledged: due === '',
      held: '',
      unseen: 0,
      asks: false,
    },
  }
}

function ids(rows: readonly RowShown[]): string {
  return rows.map(({ id }) => id).join(' ')
}
