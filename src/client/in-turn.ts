/** One after another, whoever comes. */
export type Turn = {
  readonly isTaken: () => boolean
  readonly take: <T>(work: () => Promise<T>) => Promise<T>
}

export function inTurn(): Turn {
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0
  return {
    isTaken: () => waiting > 0,
    take: async (work) => {
      waiting++
      const mine = last.then(work)
      // Of a failure hears who asked.
      last = mine.catch(() => undefined)
      try {
        return await mine
      } finally {
        waiting--
      }
    },
  }
}
