import { computed, signal } from '@preact/signals'
import type { Sort } from '#lexicon'
import type { CaseShown, Failure, Lane, RowShown } from '#worker'
import { ask } from '../../ask-worker.ts'
import { attempt, counts, now, onForget, phase, say } from '../../desk-state.ts'
import {
  dueSoon,
  filterRows,
  groupRows,
  type Kept,
  mergeRows,
  readyFilter,
} from './queue-groups.ts'
import { casesWord, rowAfter } from './queue-words.ts'

/*
 * The rows of the lane that is looked at. The first page is shown at once; the rest comes in idle time,
 * or at once when somebody scrolls towards it, so that the filter and the scroll bar speak of all of it.
 */

type Place = { readonly lane: Lane; readonly sort: Sort | '' }

export const place = signal<Place>({ lane: 'all', sort: '' })
export const rows = signal<readonly RowShown[]>([])
/** The first page of this lane is there. */
export const ready = signal(false)
/** Where the next page begins; `""` after the last. */
export const next = signal('')
export const loadFailure = signal<Failure | undefined>(undefined)
export const filter = signal('')
/** The row under the cursor, by its id. */
export const cursor = signal('')
export const picked = signal<ReadonlySet<string>>(new Set())
/** Boxes to select stand before the rows of a narrow screen. */
export const selecting = signal(false)
/** How far down the list was when it was left. */
export const scrolled = { top: 0 }

const kept = signal<Kept>(new Map())
/** So many rows are read again when the ledger grew; what stands further down follows on its next turn. */
const REFRESH = 400
const PAUSE = 120
const RETRIES_AFTER = 400

/** The ids of `rows`. */
const known = new Set<string>()

let run = 0
let hurried = false
let asleep: (() => void) | undefined
let refreshing: ReturnType<typeof setTimeout> | undefined

/** The rows that fit the filter. A letter more looks only through what fitted before. */
const fitting = computed(() => {
  const [all, text] = [rows.value, filter.value]
  const from = narrow.all === all && text.startsWith(narrow.text) ? narrow.found : all
  narrow = { all, text, found: filterRows(from, text) }
  return narrow.found
})
let narrow: {
  readonly all: readonly RowShown[]
  readonly text: string
  readonly found: readonly RowShown[]
} = { all: [], text: '', found: [] }

/** What is drawn: filtered, under headings. */
export const shown = computed(() => groupRows(fitting.value, kept.value, now.value))

export const soon = computed(() => dueSoon(rows.value, now.value))

export const cursorAt = computed(() => shown.value.rows.findIndex(({ id }) => id === cursor.value))

onForget(() => {
  run++
  forgetRows()
  filter.value = ''
  scrolled.top = 0
  place.value = { lane: 'all', sort: '' }
  // What is computed keeps its last answer, titles too, until somebody asks again.
  cursorAt.peek()
  soon.peek()
})

/** Goes to a lane. Coming back to the same one keeps rows, cursor and place. */
export async function openLane(to: Place): Promise<void> {
  if (ready.value && to.lane === place.value.lane && to.sort === place.value.sort) {
    refreshSoon()
    return
  }
  const mine = ++run
  if (to.lane !== place.value.lane) filter.value = ''
  forgetRows()
  scrolled.top = 0
  place.value = to
  void countLanes()
  await readOn(mine)
}

/** After a failure, or when somebody scrolls towards what is not there yet. */
export function hurry(): void {
  hurried = true
  asleep?.()
}

export async function loadAgain(): Promise<void> {
  const mine = ++run
  loadFailure.value = undefined
  await readOn(mine)
}

/** Reads the beginning again, soon: one statement is often followed by a second. */
export function refreshSoon(): void {
  clearTimeout(refreshing)
  refreshing = setTimeout(() => void refresh(), RETRIES_AFTER)
}

export async function countLanes(): Promise<void> {
  const done = await attempt(ask('countLanes', {}))
  if (done.ok && phase.value === 'open') counts.value = done.answer
}

/** Moves the cursor by whole rows; `false` at the end. */
export function moveCursor(by: number): boolean {
  const all = shown.value.rows
  const to = cursorAt.value < 0 ? 0 : cursorAt.value + by
  const row = all[Math.min(Math.max(to, 0), all.length - 1)]
  if (row === undefined || row.id === cursor.value) return false
  cursor.value = row.id
  return true
}

export function rowAt(id: string): RowShown | undefined {
  return rows.value.find((row) => row.id === id)
}

/** The number of a case that is only known by its id; else the beginning of the id. */
export function caseName(id: string): string {
  return rowAt(id)?.number ?? `case ${id.slice(0, 8)}`
}

/** The case before and after one, as the list stands. */
export function neighboursOf(id: string): { at: number; before: string; after: string } {
  const all = shown.value.rows
  const at = all.findIndex((row) => row.id === id)
  if (at < 0) return { at, before: '', after: all[0]?.id ?? '' }
  return { at, before: all[at - 1]?.id ?? '', after: all[at + 1]?.id ?? '' }
}

export function pick(id: string, on: boolean): void {
  const ids = new Set(picked.value)
  if (on) ids.add(id)
  else ids.delete(id)
  picked.value = ids
}

/** Everything from the last picked row to this one. */
export function pickUpTo(id: string): void {
  const all = shown.value.rows
  const to = all.findIndex((row) => row.id === id)
  const others = all.flatMap((row, at) => (picked.value.has(row.id) && at !== to ? [at] : []))
  const from = others.findLast((at) => at < to) ?? others[0] ?? to
  const range = all.slice(Math.min(from, to), Math.max(from, to) + 1)
  picked.value = new Set([...picked.value, ...range.map((row) => row.id)])
  say(`${casesWord(picked.value.size)} selected.`)
}

export function clearPicked(): void {
  picked.value = new Set()
}

/** A case was opened or changed here: its row tells what was checked, and stays where the eye left it. */
export function settle(after: CaseShown): void {
  const row = rowAt(after.id)
  if (row === undefined) return
  const due = kept.value.get(row.id) ?? row.hints.due
  if (due !== after.due) kept.value = new Map(kept.value).set(row.id, due)
  rows.value = rows.value.map((each) => (each === row ? rowAfter(row, after) : each))
}

/** These left the lane that is looked at. */
export function letGo(ids: readonly string[]): void {
  const gone = new Set(ids)
  rows.value = rows.value.filter(({ id }) => !gone.has(id))
  picked.value = new Set([...picked.value].filter((id) => !gone.has(id)))
  for (const id of ids) known.delete(id)
  keepCursor()
}

/** The case page showed all of it. */
export function markRead(id: string): void {
  const row = rowAt(id)
  if (row === undefined || row.hints.unseen === 0) return
  const read = { ...row, hints: { ...row.hints, unseen: 0 } }
  rows.value = rows.value.map((each) => (each === row ? read : each))
}

async function readOn(mine: number): Promise<void> {
  let first = !ready.value
  const wanted = () => mine === run && (first || next.value !== '')
  while (wanted()) {
    const { lane, sort } = place.value
    const done = await attempt(ask('queuePage', { lane, sort, after: next.value }))
    if (mine !== run) return
    if (!done.ok) {
      loadFailure.value = done.failure
      return
    }
    if (first) known.clear()
    const fresh = done.answer.rows.filter(({ id }) => !known.has(id))
    for (const { id } of fresh) known.add(id)
    readyFilter(fresh)
    rows.value = first ? fresh : [...rows.value, ...fresh]
    next.value = done.answer.next
    keepCursor()
    first = false
    ready.value = true
    await rest()
  }
}

async function refresh(): Promise<void> {
  if (!ready.value || phase.value !== 'open') return
  const mine = run
  const { lane, sort } = place.value
  const fresh: RowShown[] = []
  let after = ''
  do {
    const done = await attempt(ask('queuePage', { lane, sort, after }))
    // Silent: what is shown is still what was checked, and the next change tries again.
    if (mine !== run || !done.ok) return
    fresh.push(...done.answer.rows)
    after = done.answer.next
  } while (after !== '' && fresh.length < Math.min(rows.value.length, REFRESH))
  const before = known.size
  const added = fresh.filter(({ id }) => !known.has(id)).length
  readyFilter(fresh)
  rows.value = mergeRows(rows.value, fresh, after === '', kept.value)
  known.clear()
  for (const { id } of rows.value) known.add(id)
  keepCursor()
  if (added > 0 && before > 0) say(`${casesWord(added)} more in this list.`)
  const there = [...picked.value].filter((id) => known.has(id))
  if (there.length < picked.value.size) picked.value = new Set(there)
  void countLanes()
}

/** A row that left the list takes the cursor to the first. */
function keepCursor(): void {
  if (!known.has(cursor.value)) cursor.value = shown.value.rows[0]?.id ?? ''
}

/** Between two pages the thread is free; somebody who scrolls to the end does not wait. */
async function rest(): Promise<void> {
  if (!hurried)
    await new Promise<void>((resolve) => {
      asleep = resolve
      setTimeout(resolve, PAUSE)
    })
  asleep = undefined
  hurried = false
}

function forgetRows(): void {
  clearTimeout(refreshing)
  known.clear()
  narrow = { all: [], text: '', found: [] }
  rows.value = []
  ready.value = false
  next.value = ''
  loadFailure.value = undefined
  cursor.value = ''
  picked.value = new Set()
  selecting.value = false
  kept.value = new Map()
}
