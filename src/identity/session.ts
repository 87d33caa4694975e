import { bytesOfHex, DAY, HOUR, hexOfBytes, MINUTE, SECOND } from '#lexicon'
import { isActive, isCoordinator, type Person, sha256 } from '#seal'
import type { Db, IdentityDeps } from './identity-deps.ts'

/** Who stands at the door. A role is looked up in the newest directory each time, never kept here. */
export type Session =
  | { readonly kind: 'member'; readonly who: Person }
  | { readonly kind: 'reporter'; readonly who: Person; readonly caseId: string }

/** R19. Idle and absolute, in milliseconds. */
const LIVES = {
  coordinator: { idle: 15 * MINUTE, whole: 12 * HOUR },
  other: { idle: HOUR, whole: DAY },
}
/** `seen` moves at most so often: reading must not write each time. */
const SEEN_GRAIN = 30 * SECOND

/** A new session; the token leaves only here, its hash is what we keep. */
export async function openSession(
  { clock, random }: IdentityDeps,
  db: Db,
  session: Session,
): Promise<string> {
  const token = random(32)
  const now = new Date(clock())
  await db
    .insertInto('identity.session')
    .values({
      token_hash: sha256(token),
      kind: session.kind,
      who: bytesOfHex(session.who),
      case_id: session.kind === 'reporter' ? bytesOfHex(session.caseId) : null,
      opened: now,
      seen: now,
    })
    .execute()
  return hexOfBytes(token)
}

/** The session of a token, unless it idled, aged, or its member was revoked. */
export async function sessionOf(deps: IdentityDeps, token: string): Promise<Session | undefined> {
  const { db, deskChain, clock } = deps
  const tokenHash = sha256(bytesOfHex(token))
  const row = await db
    .selectFrom('identity.session')
    .select(['kind', 'who', 'case_id', 'opened', 'seen'])
    .where('token_hash', '=', tokenHash)
    .executeTakeFirst()
  const directory = await deskChain.current()
  if (row === undefined || directory === undefined) return undefined
  const who = hexOfBytes(row.who)
  const coordinator = isCoordinator(directory.now, who)
  const { idle, whole } = coordinator ? LIVES.coordinator : LIVES.other
  const now = clock()
  const alive = now - row.seen.getTime() < idle && now - row.opened.getTime() < whole
  const known = row.kind === 'reporter' || isActive(directory.now, who)
  if (!alive || !known) {
    await db.deleteFrom('identity.session').where('token_hash', '=', tokenHash).execute()
    return undefined
  }
  if (now - row.seen.getTime() >= SEEN_GRAIN) {
    await db
      .updateTable('identity.session')
      .set({ seen: new Date(now) })
      .where('token_hash', '=', tokenHash)
      .execute()
  }
  if (row.case_id === null) return { kind: 'member', who }
  return { kind: 'reporter', who, caseId: hexOfBytes(row.case_id) }
}

/** By the newest directory. */
export async function isCoordinatorSession(
  { deskChain }: IdentityDeps,
  session: Session,
): Promise<boolean> {
  const directory = await deskChain.current()
  const member = session.kind === 'member' && directory !== undefined
  return member && isCoordinator(directory.now, session.who)
}

export async function logOut({ db }: IdentityDeps, token: string): Promise<void> {
  await db
    .deleteFrom('identity.session')
    .where('token_hash', '=', sha256(bytesOfHex(token)))
    .execute()
}

/** Sessions that nobody will use again. */
export async function sweepSessions({ db, clock }: IdentityDeps): Promise<void> {
  const now = clock()
  await db
    .deleteFrom('identity.session')
    .where('opened', '<', new Date(now - LIVES.other.whole))
    .execute()
  await db.deleteFrom('identity.challenge').where('expires', '<', new Date(now)).execute()
}
