import { inTransaction } from '#store'
import { enterEvent } from './enter-event.ts'
import type { IdentityDeps } from './identity-deps.ts'

/** That so many mails left which belong to no act of a person: never to whom, and of which case neither. */
export async function noteMailsOut(
  deps: Pick<IdentityDeps, 'db' | 'ledger' | 'deskChain'>,
  count: number,
): Promise<void> {
  await inTransaction(deps.db, async (tx) => {
    await deps.ledger.lock(tx)
    await enterEvent(deps, tx, { kind: 'mail-out', about: '', count, note: '' })
  })
}
