import type { LedgerNote } from '#ledger'
import type { IdentityDeps, Tx } from './identity-deps.ts'
import { IdentityError } from './identity-error.ts'

/** Something that happened at the door, in the ledger. The caller holds the ledger's lock. */
export async function enterEvent(
  { ledger, deskChain }: Pick<IdentityDeps, 'ledger' | 'deskChain'>,
  tx: Tx,
  event: LedgerNote,
): Promise<void> {
  // Read under the lock: an entry must not name an older directory than the entry before.
  const directory = await deskChain.current(tx)
  if (directory === undefined) throw new IdentityError('not-open', 'This desk is not set up yet.')
  await ledger.event(tx, { desk: directory.desk, dir: directory.head.id, ...event })
}
