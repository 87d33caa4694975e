import { millisecondsOf, MINUTE } from '#lexicon'
import { isActive, loginMessage, type LoginClaim, verifySignature } from '#seal'
import { inTransaction } from '#store'
import { beginSession } from './begin-session.ts'
import { takeChallenge } from './challenge.ts'
import type { IdentityDeps } from './identity-deps.ts'

/** How far the clock of a claim may be off. */
const CLAIM_LIVES = MINUTE

/**
 * A session for whoever signed the challenge, or null. One answer for every failure: a stranger must
 * not learn who is a member (R16). `before` is the session that the request carries already.
 */
export async function logIn(
  deps: IdentityDeps,
  claim: Pick<LoginClaim, 'who' | 'nonce' | 'time'> & { readonly sig: string },
  before?: string,
): Promise<string | null> {
  const { who, nonce, time, sig } = claim
  const taken = await takeChallenge(deps, nonce)
  const directory = await deps.deskChain.current()
  if (directory === undefined) return null
  // The origin is ours, not what the request says: a relay at another address gains nothing.
  const message = loginMessage({ desk: directory.desk, nonce, origin: deps.origin, time, who })
  const signed = await verifySignature(who, message, sig)
  const onTime = Math.abs(deps.clock() - millisecondsOf(time)) <= CLAIM_LIVES
  if (!taken || !signed || !onTime || !isActive(directory.now, who)) return null
  return inTransaction(deps.db, (tx) =>
    beginSession(deps, tx, { kind: 'member', who, way: 'key' }, before),
  )
}
