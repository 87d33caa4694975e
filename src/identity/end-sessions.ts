import { bytesOfHex } from '#lexicon'
import { type Person, sha256 } from '#seal'
import type { Db, IdentityDeps } from './identity-deps.ts'
import type { MemberSession } from './session.ts'

export async function logOut({ db }: { readonly db: Db }, token: string): Promise<void> {
  await db
    .deleteFrom('identity.session')
    .where('token_hash', '=', sha256(bytesOfHex(token)))
    .execute()
}

/** One of the caller's own sessions, by its id. False for an unknown one and for another person's alike. */
export async function endSession(
  { db }: Pick<IdentityDeps, 'db'>,
  { who }: MemberSession,
  id: string,
): Promise<boolean> {
  const ended = await db
    .deleteFrom('identity.session')
    .where('id', '=', bytesOfHex(id))
    .where('who', '=', bytesOfHex(who))
    .executeTakeFirst()
  return ended.numDeletedRows === 1n
}

/** R18. Whoever changed how they come in is logged out everywhere else: a thief may sit there. */
export async function endOtherSessions(db: Db, { who, id }: MemberSession): Promise<void> {
  await db
    .deleteFrom('identity.session')
    .where('who', '=', bytesOfHex(who))
    .where('id', '!=', bytesOfHex(id))
    .execute()
}

/** Nothing by which this person could come in stays: their key ended, or never became a member's. */
export async function removeWaysIn(tx: Db, who: Person): Promise<void> {
  const person = bytesOfHex(who)
  await tx.deleteFrom('identity.session').where('who', '=', person).execute()
  await tx.deleteFrom('identity.passkey').where('who', '=', person).execute()
  await tx.deleteFrom('identity.recovery').where('who', '=', person).execute()
  await tx.deleteFrom('identity.recovery_request').where('who', '=', person).execute()
  await tx.deleteFrom('keys.member_vault').where('who', '=', person).execute()
}
