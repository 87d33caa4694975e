import { bytesOfHex, hexOfBytes, millisecondsOf, MINUTE, timeOf } from '#lexicon'
import { isActive, loginMessage, type LoginClaim, sha256, verifySignature } from '#seal'
import { inTransaction } from '#store'
import type { IdentityDeps } from './identity-deps.ts'
import { openSession } from './session.ts'

/** Both the life of a challenge and how far the clock of the claim may be off. */
const CHALLENGE_LIVES = MINUTE

export async function askChallenge({
  db,
  clock,
  random,
}: IdentityDeps): Promise<{ nonce: string; expires: string }> {
  const nonce = random(32)
  const expires = clock() + CHALLENGE_LIVES
  await db
    .insertInto('identity.challenge')
    .values({ nonce_hash: sha256(nonce), expires: new Date(expires) })
    .execute()
  return { nonce: hexOfBytes(nonce), expires: timeOf(expires) }
}

/**
 * A session for whoever signed the challenge, or null. One answer for every failure: a stranger must
 * not learn who is a member (R16). The login stands in the ledger.
 */
export async function logIn(
  deps: IdentityDeps,
  claim: Pick<LoginClaim, 'who' | 'nonce' | 'time'> & { readonly sig: string },
): Promise<string | null> {
  const { who, nonce, time, sig } = claim
  const fresh = await takeChallenge(deps, nonce)
  const directory = await deps.deskChain.current()
  if (directory === undefined) return null
  // The origin is ours, not what the request says: a relay at another address gains nothing.
  const message = loginMessage({ desk: directory.desk, nonce, origin: deps.origin, time, who })
  const signed = await verifySignature(who, message, sig)
  const onTime = Math.abs(deps.clock() - millisecondsOf(time)) <= CHALLENGE_LIVES
  if (!fresh || !signed || !onTime || !isActive(directory.now, who)) return null
  return inTransaction(deps.db, async (tx) => {
    const token = await openSession(deps, tx, { kind: 'member', who })
    await deps.ledger.lock(tx)
    // Read again under the lock: an entry must not name an older directory than the one before it.
    const { desk, head } = (await deps.deskChain.current(tx)) ?? directory
    const event = { kind: 'login', about: who, count: 1, note: '' } as const
    await deps.ledger.event(tx, { desk, dir: head.id, ...event })
    return token
  })
}

/** Each challenge once, even when two answers race. */
async function takeChallenge({ db, clock }: IdentityDeps, nonce: string): Promise<boolean> {
  const taken = await db
    .deleteFrom('identity.challenge')
    .where('nonce_hash', '=', sha256(bytesOfHex(nonce)))
    .returning('expires')
    .executeTakeFirst()
  return taken !== undefined && taken.expires.getTime() > clock()
}
