import type { NewStatement } from '#contract'
import { type Bytes, bytesOfHex, hexOfBytes, millisecondsOf } from '#lexicon'
import { demandRecent, demandTrueLog, receiptsOf } from '#ledger'
import {
  cover,
  type DeskHead,
  type Directory,
  rootOfCover,
  type Statement,
  statementId,
} from '#seal'
import { inTransaction } from '#store'
import { demandModest } from './demand-modest.ts'
import { foldDeskBatch, type Prepared, prepareDeskBatch, storeDeskBatch } from './desk-batch.ts'
import { demandFreshLetterbox } from './fresh-letterbox.ts'
import type { IdentityDeps, Tx } from './identity-deps.ts'
import { IdentityError } from './identity-error.ts'
import { clearRestored, restoredAt } from './server-row.ts'
import { isFreshSession, type Session } from './session.ts'

/** A beat says that a coordinator is there; everything else changes people or keys (R20). */
export const DAILY_DESK_ACTS: readonly DeskHead['type'][] = ['desk.beat']

/**
 * Appends a batch to the desk chain, whole or not at all, and returns the receipts. A batch that was
 * taken before gets its earlier receipts. Any member may bring it: who signed what is judged by the fold.
 */
export async function acceptDeskBatch(
  deps: IdentityDeps,
  { by, batch }: { readonly by: Session; readonly batch: readonly NewStatement[] },
  /** What others ask of it, once every signature is verified and everybody may say what they say. */
  demand?: (before: Directory, after: Directory) => Promise<void>,
): Promise<Statement[]> {
  if (by.kind !== 'member') throw new IdentityError('not-found', 'There is nothing here for you.')
  const ids = batch.map(({ statement }) => statementId(statement.head))
  const earlier = await receiptsOf(deps.db, ids)
  if (earlier !== null) return earlier
  const restored = await restoredAt(deps.db)
  const now = deps.clock()
  const prepared = await prepareDeskBatch(batch, now, restored)
  for (const { head } of newOnes(prepared, restored)) demandRecent(head, now)
  const changes = newOnes(prepared, restored).some(
    ({ head }) => !DAILY_DESK_ACTS.includes(head.type),
  )
  if (changes && !isFreshSession(deps, by))
    throw new IdentityError('not-fresh', 'Confirm with your passkey first.')
  if (demand !== undefined) await judge(deps, prepared, demand)
  return inTransaction(deps.db, (tx) => append(deps, tx, prepared, restored))
}

/**
 * Without the ledger's lock: whoever asks may read long. The chain does not change its mind meanwhile: a batch
 * follows one head only, and is folded once more where it is stored.
 */
async function judge(
  deps: IdentityDeps,
  batch: readonly Prepared[],
  demand: (before: Directory, after: Directory) => Promise<void>,
): Promise<void> {
  const before = await deps.deskChain.current()
  if (before === undefined) throw new IdentityError('not-open', 'This desk is not set up yet.')
  demandFollows(before, batch)
  await demand(before, await foldDeskBatch(before, before.desk, batch))
}

async function append(
  deps: IdentityDeps,
  tx: Tx,
  batch: readonly Prepared[],
  restored: number | undefined,
): Promise<Statement[]> {
  // No upload is filed here, so the ledger's lock can come first: whoever waited sees the new tail.
  await deps.ledger.lock(tx)
  const ids = batch.map(({ id }) => id)
  const earlier = await receiptsOf(tx, ids)
  if (earlier !== null) return earlier
  const before = await deps.deskChain.current(tx)
  if (before === undefined) throw new IdentityError('not-open', 'This desk is not set up yet.')
  demandFollows(before, batch)
  if ((await restoredAt(tx)) !== restored)
    throw new IdentityError('conflict', 'The restore was settled meanwhile: try again.')
  if (restored !== undefined) demandAllowedAfterRestore(before, batch, restored)
  // What is given back after a restore may name entries that were lost with the ledger.
  const current = newOnes(batch, restored).map(({ head }) => head)
  await demandTrueLog(tx, current)
  demandModest(before, current)
  await demandInvited(tx, current)
  const after = await foldDeskBatch(before, before.desk, batch)
  demandFreshLetterbox(before, after)
  const receipts = await storeDeskBatch(deps, tx, batch, after)
  if (restored !== undefined && (await isAgreed(tx, before, after))) await clearRestored(tx)
  return receipts
}

/** Without what was signed before a restore and is given back. */
function newOnes(batch: readonly Prepared[], restored: number | undefined): readonly Prepared[] {
  return batch.filter(({ head }) => restored === undefined || millisecondsOf(head.at) >= restored)
}

function demandFollows(before: Directory, batch: readonly Prepared[]): void {
  const first = batch[0]?.head
  if (first?.seq === before.head.seq + 1 && first.prev === before.head.id) return
  throw new IdentityError(
    'conflict',
    'Somebody was faster: read the newest desk chain and try again.',
  )
}

/** Whoever took an invitation back wants nobody admitted by it, and what the answer left here is gone already. */
async function demandInvited(tx: Tx, heads: readonly DeskHead[]): Promise<void> {
  for (const head of heads) {
    if (head.type !== 'member.admit' || head.invite === '') continue
    const row = await tx
      .selectFrom('identity.invitation')
      .select('lookup')
      .where('lookup', '=', bytesOfHex(head.invite))
      .forUpdate()
      .executeTakeFirst()
    if (row === undefined)
      throw new IdentityError('not-found', 'There is no such invitation: it was taken back.')
  }
}

/**
 * PROTOCOL 9. After a restore the desk chain takes what was lost (signed before the restore), the
 * statement that names the restored ledger with its approval, and what the root says: it alone can
 * bring back a second coordinator.
 */
function demandAllowedAfterRestore(
  before: Directory,
  batch: readonly Prepared[],
  restored: number,
): void {
  const types = new Map([...before.statements].map(([id, head]) => [id, head.type]))
  for (const { id, head } of batch) types.set(id, head.type)
  const allowed = batch.every(
    ({ head }) =>
      head.type === 'desk.restored' ||
      (head.type === 'approve' && types.get(head.what) === 'desk.restored') ||
      head.by === before.now.root ||
      millisecondsOf(head.at) < restored,
  )
  if (allowed) return
  throw new IdentityError(
    'read-only',
    'This desk was restored: its coordinators must sign desk.restored before anything else.',
  )
}

/**
 * Did two coordinators agree to *this* restore? Their statement names a checkpoint that holds the
 * entry which the restore wrote: one from an earlier restore cannot (N22).
 */
async function isAgreed(tx: Tx, before: Directory, after: Directory): Promise<boolean> {
  const mark = await tx
    .selectFrom('ledger.entry')
    .select('seq')
    .where('type', '=', 'ledger.event')
    .where('head', 'like', '%"kind":"restore"%')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  for (const id of after.approved) {
    const head = after.statements.get(id)
    if (head?.type !== 'desk.restored' || before.approved.has(id)) continue
    if (mark === undefined || head.size <= mark.seq) continue
    const root = await rootAt(tx, head.size)
    if (root !== undefined && hexOfBytes(root) === head.root) return true
  }
  return false
}

/** The root of the tree of `size`, or undefined when the ledger is shorter. */
async function rootAt(tx: Tx, size: number): Promise<Bytes | undefined> {
  const hashes: Bytes[] = []
  for (const { level, index } of cover(0, size)) {
    const node = await tx
      .selectFrom('ledger.node')
      .select('hash')
      .where('level', '=', level)
      .where('idx', '=', index)
      .executeTakeFirst()
    if (node === undefined) return undefined
    hashes.push(node.hash)
  }
  return rootOfCover(hashes)
}
