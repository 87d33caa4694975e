import { HOUR } from '#lexicon'
import type { DemoServer } from './demo-server.ts'
import type { Ago } from './story-of-a-case.ts'

/** The time in which the example happens; the server's clock and this one are the same. */
export type DemoClock = {
  readonly now: () => number
  /** Goes to so many hours before the demo's start, and never back. */
  readonly goTo: (ago: Ago) => Promise<void>
}

/** `real` is the clock of this machine. */
export function startClock(server: Pick<DemoServer, 'shift'>, real: () => number): DemoClock {
  const start = real()
  let offset = -Infinity
  return {
    now: () => real() + offset,
    goTo: async (ago) => {
      const wanted = start - ago * HOUR - real()
      // Receipts follow one another in time: an act that took long is not undone.
      if (wanted <= offset) return
      offset = wanted
      await server.shift(offset)
    },
  }
}
