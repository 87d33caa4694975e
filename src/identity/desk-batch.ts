import type { NewStatement } from '#contract'
import { bytesOfHex, millisecondsOf } from '#lexicon'
import {
  demandCertificates,
  demandNotFuture,
  demandSealedTo,
  fileBlobs,
  takeBlobs,
  type TakenBlob,
} from '#ledger'
import {
  appendToDesk,
  type DeskHead,
  type Directory,
  type DirectoryState,
  memberOf,
  readHead,
  type Statement,
  statementId,
} from '#seal'
import { removeWaysIn } from './end-sessions.ts'
import type { IdentityDeps, Tx } from './identity-deps.ts'

/** A statement of a desk batch, checked as far as it can be without the chain. */
export type Prepared = {
  readonly id: string
  readonly head: DeskHead
  readonly statement: Statement
  readonly blobs: readonly TakenBlob[]
}

/**
 * Form, time, blobs and certificates of each statement. After a restore, what was signed before it may
 * come without its wraps: they were lost with the database, and a chain with a gap would lose more
 * (PROTOCOL 9). A new desk key replaces them. Throws `Refused` or `LedgerError`.
 */
export async function prepareDeskBatch(
  batch: readonly NewStatement[],
  now: number,
  restored?: number,
): Promise<Prepared[]> {
  const prepared: Prepared[] = []
  for (const delivery of batch) {
    const { statement } = delivery
    const head = readHead(statement, 'desk')
    demandNotFuture(head, now)
    await demandCertificates(head)
    const offered = restored !== undefined && millisecondsOf(head.at) < restored
    const bare = offered && delivery.blobs.length === 0 && delivery.uploads.length === 0
    const blobs = bare ? [] : takeBlobs(head, delivery)
    prepared.push({ id: statementId(statement.head), head, statement, blobs })
  }
  return prepared
}

/** Folds the batch behind `from`; nothing is stored yet. */
export async function foldDeskBatch(
  from: Directory | undefined,
  deskId: string,
  batch: readonly Prepared[],
): Promise<Directory> {
  let directory = from
  for (const { statement, blobs } of batch) {
    directory = await appendToDesk(directory, statement, deskId)
    for (const blob of blobs)
      if (blob.kind === 'wrap')
        await demandSealedTo(blob.front, [certificateOf(directory.now, blob.to)])
  }
  if (directory === undefined) throw new RangeError('A batch is never empty.')
  return directory
}

/** Stores a folded batch and enters it in the ledger. The caller holds the ledger's lock. */
export async function storeDeskBatch(
  deps: IdentityDeps,
  tx: Tx,
  batch: readonly Prepared[],
  directory: Directory,
): Promise<Statement[]> {
  const desk = directory.desk
  const now = deps.clock()
  for (const { id, head, statement, blobs } of batch) {
    const { type, seq } = head
    const sig = bytesOfHex(statement.sig)
    const row = { seq, id: bytesOfHex(id), type, head: statement.head, sig }
    await tx.insertInto('identity.statement').values(row).execute()
    await fileBlobs(tx, { chain: desk, seq }, blobs, { now, random: deps.random })
    if (type === 'member.admit' && head.invite !== '') await markAdmitted(tx, head.invite)
  }
  await tx
    .insertInto('post.outbox')
    .values({ kind: 'desk-changed', about: bytesOfHex(desk), written: new Date(now) })
    .execute()
  await shutOut(tx, directory, new Set(batch.map(({ id }) => id)))
  const of = batch.map(({ id, head }) => ({ chain: desk, id, seq: head.seq, number: '' }))
  return deps.ledger.accept(tx, { desk, dir: directory.head.id, of })
}

/** An invitation that somebody was admitted by is shown no more. */
async function markAdmitted(tx: Tx, invite: string): Promise<void> {
  await tx
    .updateTable('identity.invitation')
    .set({ admitted: true })
    .where('lookup', '=', bytesOfHex(invite))
    .execute()
}

/** R18: whose key ended by one of these statements is logged out everywhere, comes in no more, and gets no notices. */
async function shutOut(
  tx: Tx,
  directory: Directory,
  statements: ReadonlySet<string>,
): Promise<void> {
  for (const { who, ended } of directory.now.members.values()) {
    if (!statements.has(ended)) continue
    await removeWaysIn(tx, who)
    await tx.deleteFrom('identity.address').where('who', '=', bytesOfHex(who)).execute()
  }
}

/** The certificate of a person or of `desk/n`, as the chain has it. The fold knows that there is one. */
function certificateOf(state: DirectoryState, reader: string): string {
  const epoch = /^desk\/(\d+)$/.exec(reader)?.[1]
  const cert =
    epoch === undefined ? memberOf(state, reader)?.enc : state.desk[Number(epoch) - 1]?.cert
  if (cert === undefined) throw new RangeError('This reader has no certificate.')
  return cert
}
