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

/**
 * Takes all measures in turn, round by round, so that a slow moment of the machine meets all of them. The
 * median of each, in the order given.
 */
export async function inTurn(
  measures: readonly (() => Promise<number>)[],
  rounds = ROUNDS,
): Promise<readonly number[]> {
  const taken = measures.map((): number[] => [])
  for (let round = 0; round < rounds; round++)
    for (const [n, measure] of measures.entries()) taken[n]?.push(await measure())
  return taken.map(median)
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const half = Math.floor(sorted.length / 2)
  const upper = sorted[half] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[half - 1] ?? Number.NaN)) / 2
}
