import type { MailOrder, NewStatement } from '#contract'
import { bytesOfHex, millisecondsOf } from '#lexicon'
import {
  demandCertificates,
  demandNotFuture,
  demandRecent,
  demandTrueLog,
  fileBlobs,
  receiptsOf,
  takeBlobs,
  type TakenBlob,
} from '#ledger'
import {
  appendToCase,
  type CaseFold,
  type CaseHead,
  type Directory,
  readHead,
  type Statement,
  statementId,
} from '#seal'
import type { Schema, Transaction } from '#store'
import { takesPart } from './case-access.ts'
import { demandReaders } from './demand-readers.ts'
import type { DeskDeps, Party } from './desk-deps.ts'
import { DeskError } from './desk-error.ts'
import { demandModest } from './demand-modest.ts'
import { projectCase } from './project-case.ts'
import { settleReporter } from './settle-claims.ts'
import { queueOrders } from './queue-orders.ts'

type Tx = Transaction<Schema>

type Item = {
  readonly id: string
  readonly head: CaseHead
  readonly statement: Statement
  readonly taken: readonly TakenBlob[]
}

/**
 * Appends a batch to a case, whole or not at all, and returns the receipts. A batch that was taken
 * before gets its earlier receipts. Whether each author may say what they say is judged by the fold;
 * `by` only has to take part in the case. Throws `Refused`, `LedgerError`, or `DeskError`: conflict,
 * not-found, not-open, not-mailable.
 */
export async function acceptCaseBatch(
  deps: DeskDeps,
  what: {
    readonly by: Party
    readonly caseId: string
    readonly batch: readonly NewStatement[]
    /** What leaves by mail with it; a batch that was taken before sends nothing again. */
    readonly mails?: readonly MailOrder[] | undefined
  },
): Promise<Statement[]> {
  const { by, caseId, batch } = what
  // Folds the chain outside the lock; inside it only what came since is left to do.
  await demandPart(deps, by, caseId)
  const items = batch.map((delivery) => readItem(delivery, deps.clock()))
  const ids = items.map(({ id }) => id)
  const earlier = await receiptsOf(deps.db, ids)
  if (earlier !== null) return earlier
  for (const { head } of items) await demandCertificates(head)
  const heads = items.map(({ head }) => head)
  await demandTrueLog(deps.db, heads)
  try {
    return await deps.db
      .transaction()
      .setIsolationLevel('read committed')
      .execute((tx) => append(tx, deps, what, items))
  } catch (error) {
    // The same batch may have come twice at once, or somebody else was faster at the same place.
    const meanwhile = await receiptsOf(deps.db, ids)
    if (meanwhile !== null) return meanwhile
    const fold = await deps.folds.newest(deps.db, caseId)
    if (fold !== undefined) demandFollows(fold, items, error)
    throw error
  }
}

function readItem(delivery: NewStatement, now: number): Item {
  const { statement } = delivery
  const head = readHead(statement, 'case')
  demandNotFuture(head, now)
  demandRecent(head, now)
  return { id: statementId(statement.head), head, statement, taken: takeBlobs(head, delivery) }
}

async function append(
  tx: Tx,
  deps: DeskDeps,
  {
    by,
    caseId,
    mails = [],
  }: {
    readonly by: Party
    readonly caseId: string
    readonly mails?: readonly MailOrder[] | undefined
  },
  items: readonly Item[],
): Promise<Statement[]> {
  const storing = { now: deps.clock(), random: deps.random }
  const heads = items.map(({ head }) => head)
  for (const { head, taken } of items)
    await fileBlobs(tx, { chain: caseId, seq: head.seq }, taken, storing)
  // From here on nobody else appends anywhere: what is read now still holds at the commit.
  await deps.ledger.lock(tx)
  const { fold, directory } = await demandPart({ ...deps, db: tx }, by, caseId)
  demandFollows(fold, items)
  demandNewestDirectory(directory, items)
  demandModest(fold, directory.now, heads)
  const after = await foldItems(tx, fold, items, directory)
  const receipts = await deps.ledger.accept(tx, {
    desk: directory.desk,
    dir: directory.head.id,
    of: items.map(({ id, head }) => ({ chain: caseId, id, seq: head.seq, number: '' })),
  })
  const accepted = acceptedAt(receipts)
  await storeStatements(tx, caseId, items, accepted)
  await projectCase(tx, fold, after, accepted)
  await settleReporter(tx, fold, after, accepted)
  await queueOrders(tx, deps, { by, orders: mails, items, after, directory })
  // One for each author, for nobody is told of what they did themselves.
  const about = { kind: 'case-changed', about: bytesOfHex(caseId), written: accepted }
  const authors = [...new Set(heads.map(({ by }) => by))]
  await tx
    .insertInto('post.outbox')
    .values(authors.map((who) => ({ ...about, author: bytesOfHex(who) })))
    .execute()
  return receipts
}

/** The case for somebody who takes part in it; for everybody else there is none. */
async function demandPart(
  { db, folds, directory }: Pick<DeskDeps, 'db' | 'folds' | 'directory'>,
  party: Party,
  caseId: string,
): Promise<{ readonly fold: CaseFold; readonly directory: Directory }> {
  const desk = await directory(db)
  if (desk === undefined) throw new DeskError('not-open', 'This desk is not set up yet.')
  const fold = await folds.newest(db, caseId)
  if (fold !== undefined && takesPart(fold, desk.now, party)) return { fold, directory: desk }
  throw new DeskError('not-found', 'There is no such case, or it is not for you.')
}

/** Of two who append at once the second one reads anew: the meaning may have changed (PROTOCOL 6). */
function demandFollows(fold: CaseFold, items: readonly Item[], cause?: unknown): void {
  const head = items[0]?.head
  // Another chain altogether is no conflict: the fold refuses it.
  if (head === undefined || head.chain !== fold.id) return
  if (head.seq === fold.head.seq + 1 && head.prev === fold.head.id) return
  throw new DeskError('conflict', 'Somebody was faster: read the case anew and try again.', {
    cause,
  })
}

/** An author who has not seen the newest directory might seal to somebody who left (F4, N7). */
function demandNewestDirectory(directory: Directory, items: readonly Item[]): void {
  const stale = items.some(
    ({ head: { dir } }) => dir !== directory.head.id && directory.after.has(dir),
  )
  if (stale) throw new DeskError('conflict', 'The desk changed: read it anew and try again.')
}

async function foldItems(
  tx: Tx,
  fold: CaseFold,
  items: readonly Item[],
  directory: Directory,
): Promise<CaseFold> {
  let after = fold
  for (const { statement, taken } of items) {
    after = await appendToCase(after, statement, fold.id, directory, notBefore)
    await demandReaders(tx, after, directory.now, taken)
  }
  return after
}

/** What comes now did not come before anything (F6). */
function notBefore(): Promise<boolean> {
  return Promise.resolve(false)
}

function acceptedAt(receipts: readonly Statement[]): Date {
  const [receipt] = receipts
  if (receipt === undefined) throw new RangeError('an empty batch')
  return new Date(millisecondsOf(readHead(receipt, 'ledger').at))
}

async function storeStatements(
  tx: Tx,
  caseId: string,
  items: readonly Item[],
  accepted: Date,
): Promise<void> {
  const chain = bytesOfHex(caseId)
  const rows = items.map(({ id, head, statement }) => ({
    chain,
    seq: head.seq,
    id: bytesOfHex(id),
    type: head.type,
    head: statement.head,
    sig: bytesOfHex(statement.sig),
    accepted,
  }))
  await tx.insertInto('desk.statement').values(rows).execute()
}
