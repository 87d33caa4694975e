import { bytesOfHex, hexOfBytes, timeOf } from '#lexicon'
import { isActive, isSamePerson, type Person } from '#seal'
import { inTransaction } from '#store'
import { enterEvent } from './enter-event.ts'
import { isAuth } from './follow.ts'
import type { Db, IdentityDeps, Tx } from './identity-deps.ts'
import { readMemberVault } from './member-vault.ts'
import { endsAt, isAlone, opensAt, type RecoveryRequest } from './recovery-request.ts'
import type { MemberSession } from './session.ts'

/*
 * Whoever has nothing but the recovery words. Each step stands in the ledger, and no login ends a request:
 * a thief who has a passkey could else end the owner's before anybody saw it. Each transaction takes the
 * ledger's lock first, so of two who change a request at once the second sees what the first did.
 */

/**
 * A member who has nothing but the recovery words asks for the vault. The words alone never open it
 * (R14): another coordinator releases it, or, where there is none, three days pass. Null for unknown words,
 * wrong ones, and those of somebody who is no member: one path for all (N15, N16).
 */
export async function askRecovery(
  deps: IdentityDeps,
  { lookup, auth }: { readonly lookup: string; readonly auth: string },
): Promise<{ opens: string; vault?: string } | null> {
  const known = await ownerOf(deps.db, lookup)
  const directory = await deps.deskChain.current()
  const right = isAuth(auth, known?.auth_hash)
  if (known === undefined || !right || directory === undefined) return null
  if (!isActive(directory.now, hexOfBytes(known.who))) return null
  return inTransaction(deps.db, async (tx) => {
    await deps.ledger.lock(tx)
    // Once more under the lock: the words may have been replaced and the member ended since.
    const { now: state } = (await deps.deskChain.current(tx)) ?? directory
    const owner = await ownerOf(tx, lookup)
    const who = hexOfBytes(known.who)
    if (owner === undefined || !isActive(state, who)) return null
    const alone = isAlone(state, who)
    const now = deps.clock()
    const request = await requestOf(deps, tx, { who, now, alone })
    const from = opensAt(request, alone)
    const open = from !== undefined && now >= from
    const byTime = request.released === null && from !== undefined
    const opens = byTime ? timeOf(from) : ''
    const vault = open ? await readMemberVault(tx, who) : undefined
    if (vault === undefined) return { opens }
    await noteGiven(deps, tx, who, new Date(now))
    return { opens, vault }
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
    .select(['who', 'asked', 'released', 'seen', 'given'])
    .orderBy('asked')
    .limit(1000)
    .execute()
  const now = clock()
  return rows.flatMap((row) => {
    const who = hexOfBytes(row.who)
    if (now >= endsAt(row, isAlone(directory.now, who))) return []
    return [{ who, asked: timeOf(row.asked.getTime()), released: row.released !== null }]
  })
}

/** Another coordinator knows who asks. False where nobody asked, and for one's own request. */
export async function releaseRecovery(
  deps: IdentityDeps,
  by: MemberSession,
  who: Person,
): Promise<boolean> {
  return inTransaction(deps.db, async (tx) => {
    await deps.ledger.lock(tx)
    const directory = await deps.deskChain.current(tx)
    if (directory === undefined || isSamePerson(directory.now, by.who, who)) return false
    const now = deps.clock()
    const running = await runningRequest(tx, who)
    if (running === undefined || running.released !== null) return false
    if (now >= endsAt(running, isAlone(directory.now, who))) return false
    await tx
      .updateTable('identity.recovery_request')
      .set({ released: new Date(now), released_by: bytesOfHex(by.who) })
      .where('who', '=', bytesOfHex(who))
      .execute()
    await enterRecovery(deps, tx, who, `released by ${by.who}`)
    return true
  })
}

/**
 * It was not the caller who asked, or they need it no more. Whoever asked has the words, so these must be
 * replaced. False where nothing runs.
 */
export async function withdrawRecovery(
  deps: IdentityDeps,
  { who }: Pick<MemberSession, 'who'>,
): Promise<boolean> {
  return inTransaction(deps.db, async (tx) => {
    await deps.ledger.lock(tx)
    if (!(await endRequest(tx, who))) return false
    await demandNewWords(tx, who, new Date(deps.clock()))
    await enterRecovery(deps, tx, who, 'withdrawn')
    return true
  })
}

/** New words stand in the place of the old ones: what these asked for ends. Under the ledger's lock. */
export async function noteNewWords(
  deps: Pick<IdentityDeps, 'ledger' | 'deskChain'>,
  tx: Tx,
  who: Person,
): Promise<void> {
  await endRequest(tx, who)
  await enterRecovery(deps, tx, who, 'renewed')
}

/** A login of the person whom a request is about: it goes on, and time counts from here. */
export async function noteSeen(tx: Tx, who: Person, now: Date): Promise<void> {
  await tx
    .updateTable('identity.recovery_request')
    .set({ seen: now })
    .where('who', '=', bytesOfHex(who))
    .execute()
}

/** The request about this person that may open something still. */
export async function requestAbout(
  { db, deskChain, clock }: IdentityDeps,
  who: Person,
): Promise<{ asked: string; released: boolean } | undefined> {
  const running = await runningRequest(db, who)
  const directory = await deskChain.current()
  if (running === undefined || directory === undefined) return undefined
  if (clock() >= endsAt(running, isAlone(directory.now, who))) return undefined
  return { asked: timeOf(running.asked.getTime()), released: running.released !== null }
}

/** The request that runs, or a new one, of which everybody is told. */
async function requestOf(
  deps: IdentityDeps,
  tx: Tx,
  { who, now, alone }: { readonly who: Person; readonly now: number; readonly alone: boolean },
): Promise<RecoveryRequest> {
  const running = await runningRequest(tx, who)
  if (running !== undefined && now < endsAt(running, alone)) return running
  const person = bytesOfHex(who)
  const asked = new Date(now)
  const fresh = { asked, released: null, released_by: null, seen: null, given: null }
  await tx
    .insertInto('identity.recovery_request')
    .values({ who: person, ...fresh })
    .onConflict((ended) => ended.column('who').doUpdateSet(fresh))
    .execute()
  await tx
    .insertInto('post.outbox')
    .values({ kind: 'recovery', about: person, written: asked })
    .execute()
  await enterRecovery(deps, tx, who, 'asked')
  return fresh
}

/** The vault leaves the desk for the words alone. Each time is noted: two may have the same paper. */
async function noteGiven(deps: IdentityDeps, tx: Tx, who: Person, now: Date): Promise<void> {
  await tx
    .updateTable('identity.recovery_request')
    .set({ given: now })
    .where('who', '=', bytesOfHex(who))
    .where('given', 'is', null)
    .execute()
  await demandNewWords(tx, who, now)
  await enterRecovery(deps, tx, who, 'given')
}

async function demandNewWords(tx: Tx, who: Person, now: Date): Promise<void> {
  await tx
    .updateTable('identity.recovery')
    .set({ replace_since: now })
    .where('who', '=', bytesOfHex(who))
    .where('replace_since', 'is', null)
    .execute()
}

async function endRequest(tx: Tx, who: Person): Promise<boolean> {
  const ended = await tx
    .deleteFrom('identity.recovery_request')
    .where('who', '=', bytesOfHex(who))
    .executeTakeFirst()
  return ended.numDeletedRows === 1n
}

function enterRecovery(
  deps: Pick<IdentityDeps, 'ledger' | 'deskChain'>,
  tx: Tx,
  who: Person,
  note: string,
): Promise<void> {
  return enterEvent(deps, tx, { kind: 'recovery', about: who, count: 1, note })
}

function ownerOf(db: Db, lookup: string) {
  return db
    .selectFrom('identity.recovery')
    .select(['auth_hash', 'who'])
    .where('lookup', '=', bytesOfHex(lookup))
    .executeTakeFirst()
}

function runningRequest(db: Db, who: Person): Promise<RecoveryRequest | undefined> {
  return db
    .selectFrom('identity.recovery_request')
    .select(['asked', 'released', 'seen', 'given'])
    .where('who', '=', bytesOfHex(who))
    .executeTakeFirst()
}
