import { bytesOfHex, CLAIM_LIVES, millisecondsOf } from '#lexicon'
import { type ClaimOffer, demand, readSealed } from '#seal'
import { inTransaction, type Schema, type Transaction } from '#store'
import type { DeskDeps } from './desk-deps.ts'
import { DeskError } from './desk-error.ts'

/**
 * Keeps what somebody may claim this case by: at most 30 days, once. In the transaction that queues the
 * mail with the link: either both are there or none. Whoever may offer is asked before. Throws `Refused` claim,
 * grammar, or `DeskError` conflict.
 */
export async function openClaim(
  tx: Transaction<Schema>,
  {
    caseId,
    offer,
    now,
  }: { readonly caseId: string; readonly offer: ClaimOffer; readonly now: number },
): Promise<void> {
  const expires = Math.min(millisecondsOf(offer.expires), now + CLAIM_LIVES)
  demand(expires > now, 'claim', 'This link has expired already.')
  // It shares the grammar of the sealed code of an invitation.
  readSealed<'invitation'>(offer.sealed, 1)
  const row = {
    lookup: bytesOfHex(offer.lookup),
    auth_hash: bytesOfHex(offer.auth_hash),
    case_id: bytesOfHex(caseId),
    sealed: offer.sealed,
    made: new Date(now),
    expires: new Date(expires),
  }
  const stored = await tx
    .insertInto('desk.claim')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (stored.numInsertedOrUpdatedRows !== 1n)
    throw new DeskError('conflict', 'There is such a link: make another code.')
}

/** The same for a link that a coordinator hands over by themself. False when there is no such case. */
export async function offerClaim(
  { db, clock }: DeskDeps,
  caseId: string,
  offer: ClaimOffer,
): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const known = await tx
      .selectFrom('desk.case')
      .select('id')
      .where('id', '=', bytesOfHex(caseId))
      .executeTakeFirst()
    if (known === undefined) return false
    await openClaim(tx, { caseId, offer, now: clock() })
    return true
  })
}
