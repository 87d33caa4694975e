/** What a step found: tests counted one by one, and the reasons of those that did not run. */
export interface Tally {
  readonly passed: number
  readonly failed: number
  readonly skipped: readonly { readonly name: string; readonly why: string }[]
}

export const nothing: Tally = { passed: 0, failed: 0, skipped: [] }

export function oneCheck(ok: boolean): Tally {
  return ok ? { ...nothing, passed: 1 } : { ...nothing, failed: 1 }
}

export function sum(tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (all, one) => ({
      passed: all.passed + one.passed,
      failed: all.failed + one.failed,
      skipped: [...all.skipped, ...one.skipped],
    }),
    nothing,
  )
}

/** The last line of a run. A skipped test is never silent. */
export function lastLine({ passed, failed, skipped }: Tally): string {
  const counted = `${passed} passed, ${failed} failed`
  return skipped.length === 0 ? counted : `${counted}, ${skipped.length} skipped`
}

/** Reads what tools/reporter.ts wrote. A run that died before its counts is one failure. */
export function tallyFrom(lines: string, exitedWell: boolean): Tally {
  const skipped: { name: string; why: string }[] = []
  let counts: { passed: number; failed: number } | undefined
  for (const line of lines.split('\n').filter((text) => text !== '')) {
    const said: unknown = JSON.parse(line)
    if (isSkip(said)) skipped.push({ name: said.skipped, why: said.why })
    if (isSummary(said)) counts = said.counts
  }
  if (counts === undefined) return { passed: 0, failed: 1, skipped }
  const failed = counts.failed === 0 && !exitedWell ? 1 : counts.failed
  return { passed: counts.passed, failed, skipped }
}

function isSkip(said: unknown): said is { skipped: string; why: string } {
  return typeof said === 'object' && said !== null && 'skipped' in said && 'why' in said
}

function isSummary(said: unknown): said is { counts: { passed: number; failed: number } } {
  return typeof said === 'object' && said !== null && 'counts' in said
}
