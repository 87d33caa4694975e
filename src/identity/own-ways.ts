import type { AnswerOf } from '#contract'
import { bytesOfHex, hexOfBytes, timeOf } from '#lexicon'
import { isCoordinator } from '#seal'
import { inTransaction } from '#store'
import { base64UrlOfBytes, bytesOfBase64Url } from './base64url.ts'
import { endOtherSessions } from './end-sessions.ts'
import type { IdentityDeps, Tx } from './identity-deps.ts'
import { IdentityError } from './identity-error.ts'
import {
  demandUnusedWords,
  readMemberVault,
  readRecovery,
  type RecoveryTicket,
  storeMemberVault,
  storeRecovery,
} from './member-vault.ts'
import { type Registration, storePasskey, verifyRegistration } from './passkey.ts'
import { noteNewWords, requestAbout } from './recovery.ts'
import { isAlive, type MemberSession } from './session.ts'

/*
 * How a member comes in, and what they change of it. In each change the rows are taken in one order,
 * sessions, passkeys, recovery, vault, which is that of `removeWaysIn`: nobody waits for a waiter.
 */

export async function readSelf(
  deps: IdentityDeps,
  session: MemberSession,
): Promise<AnswerOf<'readSelf'>> {
  const { db, deskChain, clock } = deps
  const who = bytesOfHex(session.who)
  const passkeys = await db
    .selectFrom('identity.passkey')
    .select(['id', 'label', 'added', 'used', 'synced'])
    .where('who', '=', who)
    .orderBy('added')
    .orderBy('id')
    .execute()
  const sessions = await db
    .selectFrom('identity.session')
    .select(['id', 'way', 'opened', 'seen'])
    .where('who', '=', who)
    .where('kind', '=', 'member')
    .orderBy('seen', 'desc')
    .orderBy('id')
    .execute()
  const address = await db
    .selectFrom('identity.address')
    .select(['address', 'notices'])
    .where('who', '=', who)
    .executeTakeFirst()
  const request = await requestAbout(deps, session.who)
  const directory = await deskChain.current()
  const coordinator = directory !== undefined && isCoordinator(directory.now, session.who)
  return {
    who: session.who,
    address: address?.address ?? '',
    notices: address?.notices ?? 'once',
    vault: (await readMemberVault(db, session.who)) ?? '',
    ...(await readRecovery(db, session.who)),
    ...(request !== undefined && { request }),
    passkeys: passkeys.map(({ id, label, added, used, synced }) => ({
      id: base64UrlOfBytes(id),
      label,
      added: timeOf(added.getTime()),
      used: used === null ? '' : timeOf(used.getTime()),
      synced,
    })),
    sessions: sessions
      .filter((row) => isAlive(row, clock(), coordinator))
      .map(({ id, way, opened, seen }) => ({
        id: hexOfBytes(id),
        way: way ?? 'key',
        opened: timeOf(opened.getTime()),
        seen: timeOf(seen.getTime()),
        current: hexOfBytes(id) === session.id,
      })),
  }
}

/** Deposits the caller's vault, with new recovery words or without. New words end what the old ones asked for. */
export async function putVault(
  deps: Pick<IdentityDeps, 'db' | 'ledger' | 'deskChain'>,
  session: MemberSession,
  { vault, recovery }: { readonly vault: string; readonly recovery?: RecoveryTicket | undefined },
): Promise<void> {
  await inTransaction(deps.db, async (tx) => {
    if (recovery !== undefined) {
      await deps.ledger.lock(tx)
      await endOtherSessions(tx, session)
      await storeRecovery(tx, session.who, recovery)
      await noteNewWords(deps, tx, session.who)
    }
    await storeMemberVault(tx, session.who, vault)
  })
}

/**
 * One more passkey. Every other session of this member ends (R18). Not while the recovery words must be
 * replaced: whoever came by them alone could else leave the paper good for the next finder.
 */
export async function addPasskey(
  deps: IdentityDeps,
  session: MemberSession,
  given: { readonly registration: Registration; readonly label: string; readonly vault: string },
): Promise<void> {
  const { label, vault } = given
  const { who } = session
  await demandUnusedWords(deps.db, who)
  const passkey = await verifyRegistration(deps, given.registration)
  await inTransaction(deps.db, async (tx) => {
    await endOtherSessions(tx, session)
    await storePasskey(deps, tx, { ...passkey, who, label })
    await storeMemberVault(tx, who, vault)
  })
}

/**
 * One passkey less, and a vault that it opens no more. The sessions that it began end, this one too, and
 * so do all others. False for a passkey that is not the caller's.
 */
export async function removePasskey(
  { db }: Pick<IdentityDeps, 'db'>,
  session: MemberSession,
  { id: name, vault }: { readonly id: string; readonly vault: string },
): Promise<boolean> {
  const id = bytesOfBase64Url(name)
  if (id === undefined) return false
  return inTransaction(db, async (tx) => {
    const own = await lockPasskeys(tx, session)
    if (!own.includes(name)) return false
    if (own.length === 1)
      throw new IdentityError('wrong-passkey', 'This is your only passkey: add another one first.')
    await endOtherSessions(tx, session)
    await tx.deleteFrom('identity.session').where('passkey', '=', id).execute()
    await tx.deleteFrom('identity.passkey').where('id', '=', id).execute()
    await storeMemberVault(tx, session.who, vault)
    return true
  })
}

/** The names of the caller's passkeys, which stay as they are for this transaction. */
async function lockPasskeys(tx: Tx, { who }: MemberSession): Promise<string[]> {
  const person = bytesOfHex(who)
  await tx
    .selectFrom('identity.session')
    .select('id')
    .where('who', '=', person)
    .orderBy('id')
    .forUpdate()
    .execute()
  const rows = await tx
    .selectFrom('identity.passkey')
    .select('id')
    .where('who', '=', person)
    .orderBy('id')
    .forUpdate()
    .execute()
  return rows.map(({ id }) => base64UrlOfBytes(id))
}
