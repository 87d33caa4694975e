import { bytesOfHex, hexOfBytes, MINUTE, timeOf } from '#lexicon'
import { sha256 } from '#seal'
import type { IdentityDeps } from './identity-deps.ts'

/** A person looks for their security key and touches it. */
const CHALLENGE_LIVES = 5 * MINUTE

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

/** Each challenge once, whether what was made with it is right or not, and even when two answers race. */
export async function takeChallenge(
  { db, clock }: Pick<IdentityDeps, 'db' | 'clock'>,
  nonce: string,
): Promise<boolean> {
  const taken = await db
    .deleteFrom('identity.challenge')
    .where('nonce_hash', '=', sha256(bytesOfHex(nonce)))
    .returning('expires')
    .executeTakeFirst()
  return taken !== undefined && taken.expires.getTime() > clock()
}
