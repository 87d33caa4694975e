import { openClaim } from '#desk'
import { CLAIM_LIVES, timeOf } from '#lexicon'
import type { CurrentDirectory } from '#ledger'
import type { ReceiptDeps } from '#post'
import { claimLinkOf, makeClaimOffer, readCertificate, type Signer } from '#seal'
import { clock } from './rooms.ts'

/**
 * Makes the claim links of receipts. The code is in this memory and in the sealed queue, and nowhere else in
 * clear: decision 0021 says what that means for who can claim first. `""` where none could be made: a
 * receipt without a link is better than none.
 */
export function claimLinks(
  signer: Signer,
  directory: CurrentDirectory,
  origin: string,
  failed: (error: unknown) => void,
): ReceiptDeps['claimLink'] {
  return async (tx, caseId) => {
    const made = await offered(tx, caseId).catch(failed)
    if (made === undefined) return ''
    await openClaim(tx, { caseId, offer: made.offer, now: clock() })
    return claimLinkOf(origin, made.code)
  }

  async function offered(tx: Parameters<ReceiptDeps['claimLink']>[0], caseId: string) {
    const desk = await directory(tx)
    const cert = desk?.now.desk.at(-1)?.cert
    if (desk === undefined || cert === undefined) return undefined
    const place = { desk: desk.desk, caseId }
    const expires = timeOf(clock() + CLAIM_LIVES)
    return makeClaimOffer(signer, place, expires, await readCertificate(cert))
  }
}
