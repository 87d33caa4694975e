import type { Enrolment, Invitation, Joining } from '#contract'
import {
  base64OfBytes,
  bytesOfBase64,
  bytesOfHex,
  hexOfBytes,
  INVITATION_LIVES,
  millisecondsOf,
  timeOf,
} from '#lexicon'
import {
  demand,
  type Directory,
  isPerson,
  joinMessage,
  readCertificate,
  readSealed,
  verifySignature,
} from '#seal'
import { inTransaction } from '#store'
import { removeWaysIn } from './end-sessions.ts'
import { storeEnrolment, verifyEnrolment } from './enrolment.ts'
import { isAuth } from './follow.ts'
import type { IdentityDeps } from './identity-deps.ts'
import { IdentityError } from './identity-error.ts'
import type { Session } from './session.ts'

export type NewInvitation = {
  readonly lookup: string
  readonly auth_hash: string
  readonly roles: readonly string[]
  readonly expires: string
  /** What the inviter signed, with the code, sealed to the desk: we cannot join by ourselves (N6). */
  readonly sealed: string
}

/** What the code derives for the server: the name of the row, and the proof of having the code. */
type Ticket = { readonly lookup: string; readonly auth: string }

/** Keeps an invitation for as long as was asked, at most 72 hours (R15). The caller is a coordinator. */
export async function invite(
  deps: IdentityDeps,
  by: Pick<Session, 'who'>,
  asked: NewInvitation,
): Promise<{ expires: string }> {
  const now = deps.clock()
  const expires = Math.min(millisecondsOf(asked.expires), now + INVITATION_LIVES)
  demand(expires > now, 'invitation', 'This invitation has expired already.')
  const bytes = readSealed<'invitation'>(bytesOfBase64(asked.sealed), 1)
  const lookup = bytesOfHex(asked.lookup)
  await inTransaction(deps.db, async (tx) => {
    const row = {
      lookup,
      auth_hash: bytesOfHex(asked.auth_hash),
      by_whom: bytesOfHex(by.who),
      roles: [...asked.roles],
      expires: new Date(expires),
    }
    const stored = await tx
      .insertInto('identity.invitation')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
    if (stored.numInsertedOrUpdatedRows !== 1n)
      throw new IdentityError('conflict', 'There is such an invitation: make another code.')
    await tx.insertInto('keys.invitation').values({ lookup, bytes }).execute()
  })
  return { expires: timeOf(expires) }
}

/** Invitations that wait: for an answer, or for a coordinator to admit who answered. */
export async function listInvitations({ db, clock }: IdentityDeps): Promise<Invitation[]> {
  const rows = await db
    .selectFrom('identity.invitation as i')
    .innerJoin('keys.invitation as k', 'k.lookup', 'i.lookup')
    .select(['i.lookup', 'i.by_whom', 'i.roles', 'i.expires', 'i.joined', 'k.bytes'])
    .where('i.admitted', '=', false)
    .where((is) => is.or([is('i.joined', 'is not', null), is('i.expires', '>', new Date(clock()))]))
    .orderBy('i.expires')
    .limit(1000)
    .execute()
  return rows.map((row) => ({
    lookup: hexOfBytes(row.lookup),
    by: hexOfBytes(row.by_whom),
    roles: row.roles,
    expires: timeOf(row.expires.getTime()),
    sealed: base64OfBytes(row.bytes),
    ...(isJoining(row.joined) && { joined: row.joined }),
  }))
}

/**
 * Does this invitation wait for its answer? So that nobody writes words on paper for one that is over. It
 * says what `join` says to whoever has the code, and no more (R16).
 */
export async function checkInvitation(deps: IdentityDeps, ticket: Ticket): Promise<boolean> {
  return (await openDirectory(deps, ticket)) !== undefined
}

/**
 * Somebody answers an invitation. False when it is unknown, expired, used, or the auth is wrong: one
 * answer for all. Of many at once exactly one is taken.
 */
export async function join(
  deps: IdentityDeps,
  answer: Joining &
    Ticket & {
      /** From a browser: how this person will come in, once somebody admitted them. */
      readonly enrolment?: Enrolment | undefined
    },
): Promise<boolean> {
  const { lookup, who, enc, handle, join: signed, mac } = answer
  const now = new Date(deps.clock())
  const directory = await openDirectory(deps, answer)
  if (directory === undefined) return false

  // Before the one use is spent: an answer that no coordinator could admit must not burn the invitation.
  demand(isPerson(who), 'F1', 'This is not the public key of a person.')
  demand(!/\p{Cc}/u.test(handle), 'F1', 'A handle has no control characters.')
  demand(!directory.now.seen.has(who), 'F8', 'This key stood in this chain before.')
  await readCertificate(enc)
  const message = joinMessage({ desk: directory.desk, enc, handle, invite: lookup, who })
  demand(await verifySignature(who, message, signed), 'F8', 'The answer is not signed by its key.')

  const enrolment = await verifyEnrolment(deps, answer.enrolment)

  return inTransaction(deps.db, async (tx) => {
    const taken = await tx
      .updateTable('identity.invitation')
      .set({ joined: JSON.stringify({ who, enc, handle, join: signed, mac }), joined_at: now })
      .where('lookup', '=', bytesOfHex(lookup))
      .where('joined', 'is', null)
      .where('expires', '>', now)
      .executeTakeFirst()
    if (taken.numUpdatedRows !== 1n) return false
    // The same key may have answered another invitation, which nobody admitted it by.
    await removeWaysIn(tx, who)
    if (enrolment !== undefined) await storeEnrolment(deps, tx, who, enrolment)
    return true
  })
}

/**
 * Takes an invitation back, and with it what whoever answered it left here. False when it is unknown, or
 * somebody was admitted by it.
 */
export async function withdrawInvitation(
  { db, deskChain, ledger }: IdentityDeps,
  lookup: string,
): Promise<boolean> {
  const name = bytesOfHex(lookup)
  return inTransaction(db, async (tx) => {
    // As admissions do: what is deleted below must not be a member's by the time that it is gone.
    await ledger.lock(tx)
    const row = await tx
      .deleteFrom('identity.invitation')
      .where('lookup', '=', name)
      .where('admitted', '=', false)
      .returning('joined')
      .executeTakeFirst()
    if (row === undefined) return false
    await tx.deleteFrom('keys.invitation').where('lookup', '=', name).execute()
    const directory = await deskChain.current(tx)
    const who = isJoining(row.joined) ? row.joined.who : undefined
    // Proposed already, or a member by another invitation: then these are their ways in.
    const known = who === undefined || directory?.now.seen.has(who) === true
    if (!known) await removeWaysIn(tx, who)
    return true
  })
}

/** The desk of an invitation that waits. Unknown, expired, used and wrong take the same path (N15). */
async function openDirectory(
  { db, clock, deskChain }: IdentityDeps,
  { lookup, auth }: Ticket,
): Promise<Directory | undefined> {
  const row = await db
    .selectFrom('identity.invitation')
    .select(['auth_hash', 'expires', 'joined'])
    .where('lookup', '=', bytesOfHex(lookup))
    .executeTakeFirst()
  const directory = await deskChain.current()
  const right = isAuth(auth, row?.auth_hash)
  if (!right || row === undefined) return undefined
  return row.expires.getTime() > clock() && row.joined === null ? directory : undefined
}

function isJoining(value: unknown): value is Joining {
  if (typeof value !== 'object' || value === null) return false
  const fields = new Map(Object.entries(value))
  return ['who', 'enc', 'handle', 'join', 'mac'].every(
    (name) => typeof fields.get(name) === 'string',
  )
}
