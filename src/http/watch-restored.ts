import { type IdentityDeps, restoredAt } from '#identity'

/**
 * Whether this desk only reads since a restore. While the database is away the last answer holds: the
 * journal takes reports then, and must not ask a database first.
 */
export function watchRestored(
  db: IdentityDeps['db'],
  isAway: (error: unknown) => boolean,
): () => Promise<boolean> {
  let last: boolean | undefined
  const ask = async (): Promise<boolean> => {
    try {
      last = (await restoredAt(db)) !== undefined
    } catch (error) {
      if (last === undefined || !isAway(error)) throw error
    }
    return last
  }
  // Known from the beginning. If it fails, the next question says so.
  ask().catch(() => undefined)
  return ask
}
