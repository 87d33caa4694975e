import { timingSafeEqual } from 'node:crypto'
import type { ClaimPosted, ClaimState } from '#contract'
import { type Bytes, bytesOfHex, hexOfBytes } from '#lexicon'
import {
  authHash,
  type CaseFold,
  claimJoining,
  demand,
  demandReceiptVault,
  type Directory,
  isPerson,
  joinMessage,
  readCertificate,
  verifySignature,
} from '#seal'
import { inTransaction, putVault } from '#store'
import type { DeskDeps } from './desk-deps.ts'
import { DeskError } from './desk-error.ts'

/** What the code derives for the server: the name of the row, and the proof of having the code. */
type Ticket = { readonly lookup: string; readonly auth: string }

/** Where a link stands, and to which case it leads, for whoever has its code. */
export type LinkState = {
  readonly state: ClaimState
  readonly number: string
  /** Of the case: a claim is bound to it. */
  readonly case: string
}

/**
 * Does this link still wait? Null when it is unknown or the auth is wrong, alike and by one path (N15).
 * Whoever has the code learns whether it was used, for it may not have been by them (N6); that they asked is
 * counted then, unless the desk only reads since a restore.
 */
export async function checkClaim(
  deps: DeskDeps,
  ticket: Ticket,
  counting = true,
): Promise<LinkState | null> {
  const found = await linkOf(deps, ticket)
  if (found === undefined) return null
  const { number, caseId, who } = found
  // By its owner again, or by the sender of the mail, who finds it used: whoever grants should hear of it.
  if (who !== null && counting) await countAttempt(deps, bytesOfHex(ticket.lookup))
  return { state: who === null ? found.state : 'used', number, case: caseId }
}

/**
 * Somebody claims a case with the code of a mail, and leaves the vault of their new keys. Of many at once
 * exactly one is taken; the same claim again is taken as well, for its answer may have been lost. Later ones
 * are counted, and shown to whoever grants. Null as above. Throws `Refused` or `DeskError`.
 */
export async function claimCase(
  deps: DeskDeps,
  { ticket, claim, vault }: { readonly ticket: Ticket } & ClaimPosted,
): Promise<LinkState | null> {
  const found = await linkOf(deps, ticket)
  if (found === undefined) return null
  const { caseId, number, directory } = found
  const lookup = bytesOfHex(ticket.lookup)
  const said = (state: ClaimState) => ({ state, number, case: caseId })
  if (found.who === claim.who) return said('taken')
  if (found.who !== null) {
    await countAttempt(deps, lookup)
    return said('used')
  }
  if (found.state !== 'open') return said(found.state)

  // Before the one use is spent: a claim that nobody could grant must not burn the link.
  const { who, enc, join, mac } = claim
  demand(isPerson(who), 'F1', 'This is not the public key of a person.')
  demand(!directory.now.seen.has(who), 'F8', 'A reporter key is not a key of the desk.')
  demand((await readCertificate(enc)).version === 6, 'cert', 'A claim has keys of version 6.')
  const message = joinMessage(claimJoining({ desk: directory.desk, caseId }, who, enc))
  demand(await verifySignature(who, message, join), 'F8', 'The claim is not signed by its key.')
  demandReceiptVault(vault.vault, who, vault.lookup)

  const now = new Date(deps.clock())
  const taken = await inTransaction(deps.db, async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('desk.claim')
      .set({
        who: bytesOfHex(who),
        enc,
        joined: bytesOfHex(join),
        mac: bytesOfHex(mac),
        claimed: now,
      })
      .where('lookup', '=', lookup)
      .where('who', 'is', null)
      .where('expires', '>', now)
      .executeTakeFirst()
    if (numUpdatedRows !== 1n) return false
    await putVault(tx, {
      lookup: bytesOfHex(vault.lookup),
      auth_hash: bytesOfHex(vault.auth_hash),
      case_id: bytesOfHex(caseId),
      who: bytesOfHex(who),
      vault: vault.vault,
    })
    const about = bytesOfHex(caseId)
    await tx
      .insertInto('post.outbox')
      .values({ kind: 'case-claimed', about, written: now })
      .execute()
    // So that nobody can say later that it came at another time; and whoever looks at the case hears of it.
    await deps.ledger.lock(tx)
    const desk = (await deps.directory(tx)) ?? directory
    const event = { kind: 'claim', about: caseId, count: 1, note: '' } as const
    await deps.ledger.event(tx, { desk: desk.desk, dir: desk.head.id, ...event })
    return true
  })
  if (!taken) await countAttempt(deps, lookup)
  return said(taken ? 'taken' : 'used')
}

type Link = Omit<LinkState, 'case'> & {
  readonly caseId: string
  readonly directory: Directory
  /** Who used it. */
  readonly who: string | null
}

async function linkOf(deps: DeskDeps, { lookup, auth }: Ticket): Promise<Link | undefined> {
  const { db, clock, folds } = deps
  const row = await db
    .selectFrom('desk.claim')
    .select(['auth_hash', 'case_id', 'expires', 'who'])
    .where('lookup', '=', bytesOfHex(lookup))
    .executeTakeFirst()
  const directory = await deps.directory()
  const right = isAuth(auth, row?.auth_hash)
  if (!right || row === undefined || directory === undefined) return undefined
  // Only whoever has the code comes so far: what a case costs tells them nothing that they do not know.
  const caseId = hexOfBytes(row.case_id)
  const fold = await folds.newest(db, caseId)
  if (fold === undefined) throw new DeskError('damaged', 'A claim names a case that is not there.')
  const { number } = await db
    .selectFrom('desk.case')
    .select('number')
    .where('id', '=', row.case_id)
    .executeTakeFirstOrThrow()
  const expired = row.expires.getTime() <= clock()
  const state = isDestroyed(fold) ? 'over' : expired ? 'expired' : 'open'
  return { caseId, directory, number, state, who: row.who && hexOfBytes(row.who) }
}

async function countAttempt({ db }: DeskDeps, lookup: Bytes): Promise<void> {
  await db
    .updateTable('desk.claim')
    .set((set) => ({ attempts: set('attempts', '+', 1) }))
    .where('lookup', '=', lookup)
    .execute()
}

function isDestroyed({ shred, approved }: CaseFold): boolean {
  return shred !== '' && approved.has(shred)
}

/** Compared when there is no such row, so that both answers take the same path (N15). */
const DUMMY = new Uint8Array(32)

/** Constant time. `stored` is SHA-256 of the auth bytes, or absent. */
function isAuth(auth: string, stored: Uint8Array | undefined): boolean {
  const equal = timingSafeEqual(authHash(bytesOfHex(auth)), stored ?? DUMMY)
  return equal && stored !== undefined
}
