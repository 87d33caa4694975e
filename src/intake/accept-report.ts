import { bytesOfHex, caseNumber, millisecondsOf } from '#lexicon'
import {
  demandRecent,
  demandSealedTo,
  demandTrueLog,
  type EntryPlace,
  fileBlobs,
  type LedgerNote,
  receiptOf,
} from '#ledger'
import { appendToCase, demand, type Directory, readHead, splitKeyName, type Statement } from '#seal'
import { putVault, type Schema, StoreError, type Transaction } from '#store'
import type { CheckedReport } from './check-report.ts'
import type { IntakeDeps } from './intake-deps.ts'
import { IntakeError } from './intake-error.ts'

type Tx = Transaction<Schema>
type Accepted = { readonly receipt: Statement; readonly place: EntryPlace }

/**
 * Accepts a report in one transaction and returns its receipt; a report that was accepted before gets
 * its earlier receipt. `journaled` is when it came to the journal: it is taken also when the desk chain
 * moved since then, for its reporter may not come back to seal it again.
 */
export async function acceptReport(
  deps: IntakeDeps,
  report: CheckedReport,
  journaled?: number,
): Promise<Statement> {
  const earlier = await receiptOf(deps.db, report.id)
  if (earlier !== null) return earlier
  if (journaled === undefined) demandRecent(report.head, deps.clock())
  await demandTrueLog(deps.db, [report.head])
  try {
    return await deps.db
      .transaction()
      .setIsolationLevel('read committed')
      .execute(async (tx) => (await accept(tx, deps, report, { journaled })).receipt)
  } catch (error) {
    // Of several posts at once one was accepted, or our own commit counted and its answer was lost.
    const meanwhile = await receiptOf(deps.db, report.id).catch(() => null)
    if (meanwhile !== null) return meanwhile
    throw error
  }
}

type Accepting = {
  readonly journaled?: number | undefined
  /** What the ledger says beside the acceptance. */
  readonly notes?: readonly LedgerNote[]
}

/** In the caller's transaction: the receipt, and this desk as it was then. */
export async function accept(
  tx: Tx,
  deps: IntakeDeps,
  report: CheckedReport,
  { journaled, notes = [] }: Accepting = {},
): Promise<Accepted> {
  const { id, head, statement, taken } = report
  const now = deps.clock()
  await fileBlobs(tx, { chain: id, seq: 0 }, taken, { now, random: deps.random })
  // From here on nobody else appends: the directory that is read now still holds at the commit.
  await deps.ledger.lock(tx)
  const directory = await deps.directory(tx)
  if (directory === undefined) throw new IntakeError('not-open', 'This desk is not set up yet.')
  if (journaled === undefined) demandNewestDirectory(directory, head.dir)
  await appendToCase(undefined, statement, id, directory, () => Promise.resolve(false))
  await demandReaders(directory, report)
  const number = await openCase(tx, deps, report, journaled ?? now)
  if (report.vault !== undefined) await putDeposit(tx, report)
  const of = [{ chain: id, id, seq: 0, number }]
  const place = { desk: directory.desk, dir: directory.head.id }
  const [receipt] = await deps.ledger.accept(tx, { ...place, of, notes })
  if (receipt === undefined) throw new RangeError('an acceptance without a receipt')
  const accepted = new Date(millisecondsOf(readHead(receipt, 'ledger').at))
  const row = {
    chain: bytesOfHex(id),
    seq: 0,
    id: bytesOfHex(id),
    type: head.type,
    head: statement.head,
    sig: bytesOfHex(statement.sig),
    accepted,
  }
  const told = {
    kind: 'report-received',
    about: bytesOfHex(id),
    written: accepted,
    author: bytesOfHex(head.by),
  }
  // Whoever frees a held one tells of it then, and nobody is woken for an old mailbox.
  const silent = (report.held ?? '') !== '' || head.source === 'import'
  if (silent) await tx.insertInto('desk.statement').values(row).execute()
  else
    await tx
      .with('stated', (db) => db.insertInto('desk.statement').values(row))
      .insertInto('post.outbox')
      .values(told)
      .execute()
  return { receipt, place }
}

/** A reporter who was shown an older directory may have sealed to somebody who left (N7). */
function demandNewestDirectory(directory: Directory, dir: string): void {
  if (dir !== directory.head.id && directory.after.has(dir))
    throw new IntakeError('conflict', 'The desk changed: read it anew and seal the report again.')
}

/** Sealed to the desk's key and the reporter's, and to nobody else: else it would be kept and never read. */
export async function demandReaders(
  directory: Directory,
  { head, taken }: CheckedReport,
): Promise<void> {
  const { epoch } = splitKeyName(head.to)
  const cert = directory.after.get(head.dir)?.desk[epoch - 1]?.cert
  demand(cert !== undefined, 'F7', 'This report is sealed to a key that this desk does not have.')
  const certificates = head.enc === '' ? [cert] : [cert, head.enc]
  for (const blob of taken) if (blob.kind === 'body') await demandSealedTo(blob.front, certificates)
}

const NUMBER_TRIES = 20

/** The case under a number that no other has. We may not look which are taken, only try. */
async function openCase(
  tx: Tx,
  { random }: IntakeDeps,
  { id, head, held = '' }: CheckedReport,
  received: number,
): Promise<string> {
  const year = new Date(received).getUTCFullYear()
  for (let left = NUMBER_TRIES; left > 0; left--) {
    const number = caseNumber(year, random(5))
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('desk.case')
      .values({
        id: bytesOfHex(id),
        number,
        source: head.source,
        received: new Date(received),
        held,
        // What was answered, or not, long before this desk owes no acknowledgement.
        ...(head.source === 'import' && { acknowledged: new Date(received) }),
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
    if (numInsertedOrUpdatedRows === 1n) return number
  }
  throw new RangeError('no case number is free')
}

/** A lookup that is taken would give one reporter the vault of another. */
async function putDeposit(tx: Tx, { id, head, vault }: CheckedReport): Promise<void> {
  if (vault === undefined) return
  try {
    await putVault(tx, {
      lookup: bytesOfHex(vault.lookup),
      auth_hash: bytesOfHex(vault.auth_hash),
      case_id: bytesOfHex(id),
      who: bytesOfHex(head.by),
      vault: vault.vault,
    })
  } catch (cause) {
    if (!(cause instanceof StoreError)) throw cause
    throw new IntakeError('malformed', 'This receipt code belongs to another report.', { cause })
  }
}
