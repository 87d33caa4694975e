type Ending = () => unknown

/**
 * `t.after` runs what was registered first before the rest. A stage is taken down the other way round:
 * the server before its folder, the folder before its disk.
 */
export function endsInTurn(t: { after: (all: () => Promise<void>) => void }) {
  const ends: Ending[] = []
  t.after(async () => {
    const failures: unknown[] = []
    for (const end of ends.reverse())
      await Promise.try(end).catch((error: unknown) => failures.push(error))
    if (failures.length > 0) throw failures[0]
  })
  return (end: Ending): void => {
    ends.push(end)
  }
}
