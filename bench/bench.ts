/*
 * The shape of a bench. Each `bench/*.bench.ts` exports `name` (what people wait for, in a few words) and
 * `run()`. A bench measures two things in one run, in turn, and says both: a number alone says more about
 * the machine than about us.
 */

export type Row = {
  readonly what: string
  readonly value: number
  readonly against: number
  /** `value` divided by `against`. */
  readonly ratio: number
  /** What the ratio is held to. */
  readonly bound: number
  readonly ok: boolean
}

export type Measured = { readonly rows: readonly Row[] }
export type Bench = { readonly name: string; readonly run: () => Promise<Measured> }

export const ROUNDS = 5

/** A row that holds while `value` is at most `bound` times `against`. */
export function atMost(what: string, value: number, against: number, bound: number): Row {
  const ratio = value / against
  return { what, value, against, ratio, bound, ok: ratio <= bound }
}

/** A row that holds while `value` is at least `bound` times `against`. */
export function atLeast(what: string, value: number, against: number, bound: number): Row {
  const ratio = value / against
  return { what, value, against, ratio, bound, ok: ratio >= bound }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const half = Math.floor(sorted.length / 2)
  const upper = sorted[half] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[half - 1] ?? Number.NaN)) / 2
}
