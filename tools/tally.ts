import type { TestEvent } from 'node:test/reporters'

/** What a step found: tests counted one by one, and the reasons of those that did not run. */
export interface Tally {
  readonly passed: number
  readonly failed: number
  readonly skipped: readonly { readonly name: string; readonly why: string }[]
}

const nothing: Tally = { passed: 0, failed: 0, skipped: [] }

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

/** Counts what one run of tests told. A run that ended before its summary is one failure. */
export function tallyOf(events: readonly TestEvent[]): Tally {
  const skipped: { name: string; why: string }[] = []
  let counts: { passed: number; failed: number } | undefined
  for (const { type, data } of events) {
    if (type === 'test:pass' || type === 'test:fail') {
      const reason = data.skip ?? data.todo
      if (reason === undefined || reason === false) continue
      const why = typeof reason === 'string' && reason !== '' ? reason : 'no reason given'
      skipped.push({ name: data.name, why })
    } else if (type === 'test:summary' && data.file === undefined) {
      const { tests, passed, skipped: left, todo } = data.counts
      // Whatever did not pass and was not left out has failed, cancelled ones too.
      const failed = tests - passed - left - todo
      counts = { passed, failed: failed === 0 && !data.success ? 1 : failed }
    }
  }
  return { passed: 0, failed: 1, ...counts, skipped }
}
