/** Runs work as it is given, so many pieces at the same time; the others wait for their turn in order. */
export function takeTurns(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let running = 0
  return async (work) => {
    if (running >= most) await new Promise<void>((go) => waiting.push(go))
    else running++
    try {
      return await work()
    } finally {
      // A turn is handed on as it is: nobody who comes just now slips in between.
      const next = waiting.shift()
      if (next === undefined) running--
      else next()
    }
  }
}
