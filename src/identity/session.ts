import { bytesOfHex, DAY, HOUR, hexOfBytes, MINUTE, SECOND } from '#lexicon'
import { isActive, isCoordinator, type Person, sha256 } from '#seal'
import type { Db, IdentityDeps } from './identity-deps.ts'

/** By which a member came in: a passkey, or a signature of their own key. */
export type Way = 'passkey' | 'key'

type Opened = {
  /** Its name for its owner, 16 bytes, hex. Never the token. */
  readonly id: string
  /** The last login or step-up, in milliseconds. */
  readonly proved: number
}

/** Who stands at the door. A role is looked up in the newest directory each time, never kept here. */
export type MemberSession = Opened & {
  readonly kind: 'member'
  readonly who: Person
  readonly way: Way
}
export type Session =
  | MemberSession
  | (Opened & { readonly kind: 'reporter'; readonly who: Person; readonly caseId: string })

/** What a session begins as. */
export type Beginning =
  | { readonly kind: 'member'; readonly who: Person; readonly way: 'key' }
  | {
      readonly kind: 'member'
      readonly who: Person
      readonly way: 'passkey'
      readonly passkey: Uint8Array
    }
  | { readonly kind: 'reporter'; readonly who: Person; readonly caseId: string }

/** R19. Idle and absolute, in milliseconds. */
const LIVES = {
  coordinator: { idle: 15 * MINUTE, whole: 12 * HOUR },
  other: { idle: HOUR, whole: DAY },
}
/** No session is older. */
export const LONGEST_SESSION = LIVES.other.whole
/** R20. For so long after a login or a step-up nobody is asked again. */
const FRESH = 5 * MINUTE
/** `seen` moves at most so often: reading must not write each time. */
const SEEN_GRAIN = 30 * SECOND

/** A new session; the token leaves only here, its hash is what we keep. */
export async function openSession(
  { clock, random }: IdentityDeps,
  db: Db,
  begins: Beginning,
): Promise<string> {
  const token = random(32)
  const now = new Date(clock())
  await db
    .insertInto('identity.session')
    .values({
      token_hash: sha256(token),
      kind: begins.kind,
      who: bytesOfHex(begins.who),
      case_id: begins.kind === 'reporter' ? bytesOfHex(begins.caseId) : null,
      opened: now,
      seen: now,
      id: random(16),
      way: begins.kind === 'member' ? begins.way : null,
      passkey: begins.kind === 'member' && begins.way === 'passkey' ? begins.passkey : null,
      proved: now,
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
    .select(['id', 'kind', 'who', 'case_id', 'way', 'opened', 'seen', 'proved'])
    .where('token_hash', '=', tokenHash)
    .executeTakeFirst()
  const directory = await deskChain.current()
  if (row === undefined || directory === undefined) return undefined
  const who = hexOfBytes(row.who)
  const coordinator = isCoordinator(directory.now, who)
  const now = clock()
  const alive = isAlive(row, now, coordinator)
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
  const opened = { id: hexOfBytes(row.id), proved: row.proved.getTime() }
  if (row.case_id !== null)
    return { kind: 'reporter', who, caseId: hexOfBytes(row.case_id), ...opened }
  return { kind: 'member', who, way: row.way ?? 'key', ...opened }
}

/** Would its token still be taken? */
export function isAlive(
  { opened, seen }: { readonly opened: Date; readonly seen: Date },
  now: number,
  coordinator: boolean,
): boolean {
  const { idle, whole } = coordinator ? LIVES.coordinator : LIVES.other
  return now - seen.getTime() < idle && now - opened.getTime() < whole
}

/** Did the person prove just now that they are there? Asked before people or keys change (R20). */
export function isFreshSession(
  { clock }: Pick<IdentityDeps, 'clock'>,
  { proved }: Pick<Session, 'proved'>,
): boolean {
  return clock() - proved <= FRESH
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
