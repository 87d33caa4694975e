import { bytesOfHex, SECOND } from '#lexicon'
import type { Person } from '#seal'
import type { IdentityDeps } from './identity-deps.ts'

/** A page asks for its lanes and its rows at the same moment: that is one look. */
const GRAIN = SECOND

/**
 * This member sees the queue now: of what it holds they need no notice. Called before the queue is read,
 * so that what comes meanwhile is told.
 */
export async function noteLook(
  { db, clock }: Pick<IdentityDeps, 'db' | 'clock'>,
  who: Person,
): Promise<void> {
  const now = clock()
  await db
    .updateTable('identity.address')
    .set({ looked: new Date(now) })
    .where('who', '=', bytesOfHex(who))
    .where('looked', '<=', new Date(now - GRAIN))
    .execute()
}
