import { MINUTE, millisecondsOf } from '#lexicon'
import type { ActShown, EntryShown } from '#worker'
import { actSentence } from './act-words.ts'

export type TimelineRow =
  | {
      readonly kind: 'entry'
      readonly key: string
      readonly entry: Exclude<EntryShown, ActShown>
    }
  /** Acts of one person at one time: a line. */
  | { readonly kind: 'acts'; readonly key: string; readonly acts: readonly ActShown[] }
  /** Several lines of acts: folded. */
  | { readonly kind: 'run'; readonly key: string; readonly acts: readonly (readonly ActShown[])[] }

/** How far a file is that is being saved, in bytes. */
export type Saved = { readonly done: number; readonly total: number }

/** So many lines of acts in a row are folded. */
const FOLD_FROM = 3
/** So many rows are shown at first: each message costs a parse of its Markdown. */
const SHOWN_AT_FIRST = 60

/** The file of an entry, as one word. */
export function fileKey(entry: string, n: number): string {
  return `${entry}/${String(n)}`
}

/** What is new is never folded. */
export function rowsOf(entries: readonly EntryShown[], unseenFrom: number): readonly TimelineRow[] {
  const rows: TimelineRow[] = []
  let run: ActShown[][] = []
  const endRun = () => {
    rows.push(...rowsOfRun(run))
    run = []
  }
  for (const entry of entries) {
    if (entry.kind !== 'act') {
      endRun()
      rows.push({ kind: 'entry', key: entry.id, entry })
      continue
    }
    const line = run.at(-1)
    const before = line?.at(-1)
    if (entry.seq >= unseenFrom && before !== undefined && before.seq < unseenFrom) endRun()
    if (line !== undefined && before !== undefined && run.length > 0 && together(before, entry))
      line.push(entry)
    else run.push([entry])
  }
  endRun()
  return rows.flatMap((row) =>
    row.kind === 'run' && row.acts.flat().some(({ seq }) => seq >= unseenFrom)
      ? row.acts.map((acts): TimelineRow => ({ kind: 'acts', key: acts[0]?.id ?? '', acts }))
      : [row],
  )
}

/** The place of the first row to show beside the very first: the last ones, all new ones, and the one asked for. */
export function lastShown(
  rows: readonly TimelineRow[],
  unseenFrom: number,
  reveal: number | undefined,
): number {
  const usual = rows.length - SHOWN_AT_FIRST
  const wanted = rows.findIndex((row) => {
    const last = seqsOf(row).at(-1) ?? -1
    return last >= unseenFrom || (reveal !== undefined && last >= reveal)
  })
  const from = wanted === -1 ? usual : Math.min(usual, wanted - 1)
  // Hiding one or two would only put a button in their place.
  return from <= 3 ? 0 : from
}

/** `6 signed entries: acknowledged, sorted as question, …` */
export function summaryOf(lines: readonly (readonly ActShown[])[]): string {
  const acts = lines.flat()
  const said = new Set(acts.map(({ act, from }) => actSentence(act, from)))
  const shown = [...said].slice(0, 4)
  const more = said.size > shown.length ? ', …' : ''
  return `${String(acts.length)} signed entries: ${shown.join(', ')}${more}`
}

function rowsOfRun(run: readonly (readonly ActShown[])[]): readonly TimelineRow[] {
  if (run.length >= FOLD_FROM)
    return [{ kind: 'run', key: `run ${run[0]?.[0]?.id ?? ''}`, acts: run }]
  return run.map((acts) => ({ kind: 'acts', key: acts[0]?.id ?? '', acts }))
}

function together(before: ActShown, entry: ActShown): boolean {
  if (before.from.who !== entry.from.who || before.from.name !== entry.from.name) return false
  return Math.abs(millisecondsOf(entry.at) - millisecondsOf(before.at)) <= MINUTE
}

function seqsOf(row: TimelineRow): readonly number[] {
  if (row.kind === 'entry') return [row.entry.seq]
  return row.acts.flat().map(({ seq }) => seq)
}
