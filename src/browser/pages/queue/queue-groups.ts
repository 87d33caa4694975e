import { DAY, timeOf } from '#lexicon'
import type { RowShown } from '#worker'
import { sortWord, sourceWord } from '../../parts/act-words.ts'
import { kindMark } from '../../parts/kind-word.ts'
import { stepOf } from './queue-words.ts'

export type GroupName = 'over' | 'day' | 'asks' | 'week' | 'later' | 'none' | 'closed'
export type Group = { readonly name: GroupName; readonly title: string; readonly rows: number }

export type Grouped = { readonly rows: readonly RowShown[]; readonly groups: readonly Group[] }

/** Rows that this person touched keep their place: id to the due time by which they stand. */
export type Kept = ReadonlyMap<string, string>

const TITLES: Readonly<Record<GroupName, string>> = {
  over: 'Promise broken',
  day: 'Due within a day',
  asks: 'The reporter waits for an answer',
  week: 'This week',
  later: 'Later',
  none: 'No deadline',
  closed: 'Closed',
}

/** Puts rows under their headings, in the order in which they came. One pass: 100,000 rows are usual. */
export function groupRows(rows: readonly RowShown[], kept: Kept, now: number): Grouped {
  const lists: Record<GroupName, RowShown[]> = {
    over: [],
    day: [],
    asks: [],
    week: [],
    later: [],
    none: [],
    closed: [],
  }
  // Times of one form are in order as texts; parsing each would cost more than all the rest.
  const [over, day, week] = [now, now + DAY, now + 7 * DAY].map(timeOf) as [string, string, string]
  for (const row of rows) {
    const due = kept.get(row.id) ?? row.hints.due
    if (due === '') lists[withoutClock(row)].push(row)
    else if (due <= over) lists.over.push(row)
    else if (due <= day) lists.day.push(row)
    else if (due <= week) lists.week.push(row)
    else lists.later.push(row)
  }
  const names = Object.keys(lists) as GroupName[]
  const full = names.filter((name) => lists[name].length > 0)
  return {
    rows: full.flatMap((name) => lists[name]),
    groups: full.map((name) => ({ name, title: TITLES[name], rows: lists[name].length })),
  }
}

function withoutClock({ hints }: RowShown): GroupName {
  if (hints.state === 'closed' || hints.state === 'archived') return 'closed'
  return hints.asks ? 'asks' : 'none'
}

const haystacks = new WeakMap<RowShown, string>()

/** Makes ready what the filter looks at, so that the first letter typed finds it done. */
export function readyFilter(rows: readonly RowShown[]): void {
  for (const row of rows) haystackOf(row)
}

/** Rows that hold every word of the text in title, number, sort, source or person. */
export function filterRows(rows: readonly RowShown[], text: string): readonly RowShown[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  if (words.length === 0) return rows
  return rows.filter((row) => {
    const haystack = haystackOf(row)
    return words.every((word) => haystack.includes(word))
  })
}

/**
 * Takes in pages that were read again from the start: `fresh` replaces the rows up to its last one that
 * was known, and what comes after stays. Rows of `kept` stay where they were, also if they left the lane.
 */
export function mergeRows(
  old: readonly RowShown[],
  fresh: readonly RowShown[],
  whole: boolean,
  kept: Kept,
): readonly RowShown[] {
  const newer = new Map(fresh.map((row) => [row.id, row]))
  const tail = whole ? [] : old.slice(1 + lastKnown(old, newer))
  const rest = tail.filter(({ id }) => !newer.has(id) && !kept.has(id))
  const rows = [...fresh, ...rest].filter(({ id }) => !kept.has(id))
  for (const row of old) {
    const due = kept.get(row.id)
    if (due === undefined) continue
    const rank = rankOf(row, due)
    const found = rows.findIndex((each) => rankOf(each, kept.get(each.id) ?? each.hints.due) > rank)
    rows.splice(found < 0 ? rows.length : found, 0, newer.get(row.id) ?? row)
  }
  return rows
}

/** How many rows are due within a day or over: the line beside the heading. */
export function dueSoon(rows: readonly RowShown[], now: number): { over: number; day: number } {
  const [over, day] = [timeOf(now), timeOf(now + DAY)]
  const soon = { over: 0, day: 0 }
  for (const { hints } of rows) {
    if (hints.due === '' || hints.due > day) continue
    soon[hints.due <= over ? 'over' : 'day']++
  }
  return soon
}

function lastKnown(old: readonly RowShown[], newer: ReadonlyMap<string, RowShown>): number {
  return old.findLastIndex(({ id }) => newer.has(id))
}

/** The server's order: what has a clock by its end, then the rest by its age. */
function rankOf(row: RowShown, due: string): string {
  return due === '' ? `1${row.hints.received}${row.id}` : `0${due}${row.hints.received}${row.id}`
}

function haystackOf(row: RowShown): string {
  const known = haystacks.get(row)
  if (known !== undefined) return known
  const { sort, source, taken } = row.hints
  const texts = [
    row.title,
    row.number,
    sortWord(sort),
    sort,
    sourceWord(source),
    taken?.name ?? 'nobody',
    kindMark(row.kind),
    stepOf(row),
  ]
  const haystack = texts.join('\n').toLowerCase()
  haystacks.set(row, haystack)
  return haystack
}
