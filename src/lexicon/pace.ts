/** So many at once, then so many an hour, for each. Kept in memory: a new start forgets it. */
export type Pace = {
  readonly take: (who: string) => boolean
  /** How many may be taken now; asking takes none. */
  readonly left: (who: string) => number
}

const HOUR = 3_600_000
/** Whoever comes from more places than this is not told from one who came before. */
const MOST_KNOWN = 20_000

/** `clock` in milliseconds. */
export function openPace(
  { burst, perHour }: { readonly burst: number; readonly perHour: number },
  clock: () => number,
): Pace {
  const known = new Map<string, { left: number; at: number }>()
  const leftNow = ({ left, at }: { left: number; at: number }, now: number) =>
    Math.min(burst, left + (Math.max(0, now - at) * perHour) / HOUR)
  return {
    take: (who) => {
      const now = clock()
      const before = known.get(who)
      const left = before === undefined ? burst : leftNow(before, now)
      const may = left >= 1
      // Last again, also when it is refused: those who did not come for the longest time stand first.
      known.delete(who)
      known.set(who, { left: may ? left - 1 : left, at: Math.max(now, before?.at ?? now) })
      for (const [old, each] of known) {
        if (known.size <= MOST_KNOWN && leftNow(each, now) < burst) break
        known.delete(old)
      }
      return may
    },
    left: (who) => {
      const before = known.get(who)
      return before === undefined ? burst : leftNow(before, clock())
    },
  }
}
