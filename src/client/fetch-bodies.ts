import { type BodiesPage, readBodiesPage } from '#contract'
import type { Bytes } from '#lexicon'
import type { Api } from './api.ts'
import { ClientError } from './client-error.ts'

/** The sealed body of a place; `undefined` where the desk gave none. Each is handed out once. */
export type BodyOf = (seq: number) => Promise<Bytes | undefined>

/**
 * Asks for many sealed bodies at once, a few answers ahead of what is taken. `groups` are places in order,
 * and their order is the order of need; what a group asks for, a later one does not.
 */
export function fetchBodies(api: Api, id: string, groups: readonly (readonly number[])[]): BodyOf {
  const runs: Run[] = []
  const asked = new Set<number>()
  for (const group of groups) {
    const fresh = group.filter((seq) => !asked.has(seq))
    for (const seq of fresh) asked.add(seq)
    for (const [from, to] of rangesOf(fresh).toReversed()) runs.push(descend(api, id, from, to))
  }
  let taken = 0
  const ahead = () => {
    for (const run of runs.slice(taken, taken + AHEAD)) run.ahead()
  }
  ahead()
  return async (seq) => {
    const at = runs.findIndex(({ from, to }) => seq >= from && seq <= to)
    taken = Math.max(taken, at)
    ahead()
    return runs[at]?.take(seq)
  }
}

/** The opening, the newest, and what is opened after them: all on their way at once. */
const AHEAD = 3
/** A stranger statement or two between the places cost less than another question. */
const GAP = 8
/** Places of one question: few enough that opening begins long before the last has come. */
const WIDTH = 160

/** Places in order as runs, oldest first. */
function rangesOf(places: readonly number[]): readonly (readonly [number, number])[] {
  const ranges: [number, number][] = []
  for (const seq of places) {
    const last = ranges.at(-1)
    const fits = last !== undefined && seq - last[1] <= GAP && seq - last[0] < WIDTH
    if (fits) last[1] = seq
    else ranges.push([seq, seq])
  }
  return ranges
}

type Run = {
  readonly from: number
  readonly to: number
  readonly ahead: () => void
  readonly take: (seq: number) => Promise<Bytes | undefined>
}

/** One run of places, from its end towards its beginning. */
function descend(api: Api, id: string, from: number, to: number): Run {
  const found = new Map<number, Bytes>()
  let covered = to + 1
  let asking: Promise<void> | undefined
  const ask = async () => {
    try {
      const query = { from, to: covered - 1 }
      const page = pageOf(await api.call('readBodies', { params: { id }, query }))
      for (const { seq, bytes } of page.bodies) found.set(seq, bytes)
      covered = Math.max(from, Math.min(page.from, covered - 1))
    } finally {
      asking = undefined
    }
  }
  const ahead = () => {
    if (asking !== undefined || covered <= from) return
    asking = ask()
    // Whoever needs it asks again and hears of the failure.
    asking.catch(() => undefined)
  }
  return {
    from,
    to,
    ahead,
    take: async (seq) => {
      const missing = () => seq < covered
      while (missing()) {
        ahead()
        await asking
      }
      ahead()
      const bytes = found.get(seq)
      found.delete(seq)
      return bytes
    },
  }
}

function pageOf(bytes: Bytes): BodiesPage {
  try {
    return readBodiesPage(bytes)
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new ClientError(
      'answer',
      'The desk answered in a form that this program does not know.',
      {
        cause,
      },
    )
  }
}
