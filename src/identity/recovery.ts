import { bytesOfHex, DAY, HOUR, hexOfBytes, timeOf } from '#lexicon'
import { coordinatorsOf, type DirectoryState, isActive, isSamePerson, type Person } from '#seal'
import { inTransaction } from '#store'
import { isAuth } from './follow.ts'
import type { IdentityDeps, Tx } from './identity-deps.ts'
import { readMemberVault } from './member-vault.ts'
import type { MemberSession } from './session.ts'

/** Where nobody could release it: time for everybody who is told to object. */
const OPENS_AFTER = 72 * HOUR
/** How long an opened request gives the vault out. */
const OPEN_FOR = DAY
/** A request that nobody released by then was no urgent one, or not an honest one. */
const WAITS_FOR = 7 * DAY

type Request = { readonly asked: Date; readonly released: Date | null }

/**
 * A member who has nothing but the recovery words asks for the vault. The words alone never open it
 * (R14): another coordinator releases it, or, where there is none, three days pass. Null for unknown words,
 * wrong ones, and those of somebody who is no member: one path for all (N15, N16).
 */
export async function askRecovery(
  deps: IdentityDeps,
  { lookup, auth }: { readonly lookup: string; readonly auth: string },
): Promise<{ opens: string; vault?: string } | null> {
  const row = await deps.db
    .selectFrom('identity.recovery')
    .select(['auth_hash', 'who'])
    .where('lookup', '=', bytesOfHex(lookup))
    .executeTakeFirst()
  const directory = await deps.deskChain.current()
  const right = isAuth(auth, row?.auth_hash)
  if (row === undefined || !right || directory === undefined) return null
  const who = hexOfBytes(row.who)
  if (!isActive(directory.now, who)) return null
  const alone = isAlone(directory.now, who)
  const now = deps.clock()
  return inTransaction(deps.db, async (tx) => {
    const request = await requestOf(tx, { who, now, alone })
    const from = openFrom(request, alone)
    const opens = alone && request.released === null ? timeOf(from ?? now) : ''
    if (from === undefined || now < from) return { opens }
    const vault = await readMemberVault(tx, who)
    return vault === undefined ? { opens } : { opens, vault }
  })
}

/** Who waits for somebody's release, and who was released and did not come yet. */
export async function listRecoveries({
  db,
  deskChain,
  clock,
}: IdentityDeps): Promise<{ who: Person; asked: string; released: boolean }[]> {
  const directory = await deskChain.current()
  if (directory === undefined) return []
  const rows = await db
    .selectFrom('identity.recovery_request')
    .select(['who', 'asked', 'released'])
    .orderBy('asked')
    .limit(1000)
    .execute()
  const now = clock()
  return rows.flatMap((row) => {
    const who = hexOfBytes(row.who)
    if (now >= endOf(row, isAlone(directory.now, who))) return []
    return [{ who, asked: timeOf(row.asked.getTime()), released: row.released !== null }]
  })
}

/** Another coordinator knows who asks. False where nobody asked, and for one's own request. */
export async function releaseRecovery(
  { db, deskChain, clock }: IdentityDeps,
  by: MemberSession,
  who: Person,
): Promise<boolean> {
  const directory = await deskChain.current()
  if (directory === undefined || isSamePerson(directory.now, by.who, who)) return false
  const now = new Date(clock())
  const released = await db
    .updateTable('identity.recovery_request')
    .set({ released: now, released_by: bytesOfHex(by.who) })
    .where('who', '=', bytesOfHex(who))
    .where('released', 'is', null)
    .where('asked', '>', new Date(now.getTime() - WAITS_FOR))
    .executeTakeFirst()
  return released.numUpdatedRows === 1n
}

/** Requests that open nothing any more. */
export async function sweepRecoveries({ db, clock }: IdentityDeps): Promise<void> {
  const now = clock()
  await db
    .deleteFrom('identity.recovery_request')
    .where((request) =>
      request.or([
        request('released', '<', new Date(now - OPEN_FOR)),
        request.and([
          request('released', 'is', null),
          request('asked', '<', new Date(now - WAITS_FOR)),
        ]),
      ]),
    )
    .execute()
}

/** The request that runs, or a new one, of which everybody is told. */
async function requestOf(
  tx: Tx,
  { who, now, alone }: { readonly who: Person; readonly now: number; readonly alone: boolean },
): Promise<Request> {
  const person = bytesOfHex(who)
  const running = await tx
    .selectFrom('identity.recovery_request')
    .select(['asked', 'released'])
    .where('who', '=', person)
    .forUpdate()
    .executeTakeFirst()
  if (running !== undefined && now < endOf(running, alone)) return running
  const asked = new Date(now)
  const fresh = { asked, released: null, released_by: null }
  const first = running === undefined
  const begun = await tx
    .insertInto('identity.recovery_request')
    .values({ who: person, ...fresh })
    .onConflict((known) => (first ? known.doNothing() : known.column('who').doUpdateSet(fresh)))
    .executeTakeFirst()
  // Somebody else asked at this moment: theirs is the request that runs, and everybody was told.
  if (begun.numInsertedOrUpdatedRows !== 1n) return requestOf(tx, { who, now, alone })
  await tx
    .insertInto('post.outbox')
    .values({ kind: 'recovery', about: person, written: asked })
    .execute()
  return fresh
}

/** When the vault is given out; undefined while it waits for a person. */
function openFrom({ asked, released }: Request, alone: boolean): number | undefined {
  if (released !== null) return released.getTime()
  return alone ? asked.getTime() + OPENS_AFTER : undefined
}

function endOf(request: Request, alone: boolean): number {
  const from = openFrom(request, alone)
  return from === undefined ? request.asked.getTime() + WAITS_FOR : from + OPEN_FOR
}

/** Is there no other coordinator who could release it? */
function isAlone(state: DirectoryState, who: Person): boolean {
  return coordinatorsOf(state).every((other) => isSamePerson(state, other, who))
}
