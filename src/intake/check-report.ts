import type { NewStatement, VaultDeposit } from '#contract'
import { type HeldReason, SERVER_SOURCES } from '#lexicon'
import { demandCertificates, demandNotFuture, takeBlobs, type TakenBlob } from '#ledger'
import {
  checkStatement,
  demand,
  demandReceiptVault,
  type HeadOf,
  readHead,
  type Statement,
  statementId,
} from '#seal'
import { IntakeError } from './intake-error.ts'

/** What a reporter's client posts. */
export type Report = {
  readonly report: NewStatement
  readonly vault?: VaultDeposit | undefined
}

/** A report that is whole, sealed and signed. Whether this desk takes it, its chain decides. */
export type CheckedReport = {
  readonly id: string
  readonly head: HeadOf<'case.open'>
  readonly statement: Statement
  readonly taken: readonly TakenBlob[]
  readonly vault: VaultDeposit | undefined
  /** Of a mail that looks like none of a person; others are not held. */
  readonly held?: HeldReason
}

/**
 * Every check that needs no database, so that the journal too takes nothing but sealed reports.
 * Throws `Refused`, `LedgerError` or `IntakeError` malformed.
 */
export async function checkReport({ report, vault }: Report, now: number): Promise<CheckedReport> {
  const { statement } = report
  const head = readHead(statement, 'case')
  demand(head.type === 'case.open', 'F2', 'A report begins a case.')
  const id = statementId(statement.head)
  // The desk that it names is compared with ours by the fold; here it only has to be consistent.
  await checkStatement(statement, 'case', { desk: head.desk, chain: id }, undefined)
  const foreign = SERVER_SOURCES.includes(head.source)
  demand(!foreign, 'F5', 'Only the server files what came by mail.')
  demandNotFuture(head, now)
  const taken = takeBlobs(head, report)
  await demandCertificates(head)
  demandVault(head, vault)
  return { id, head, statement, taken, vault }
}

/** Whoever named a key for the answer leaves the vault that holds it; an `api` report without one leaves none. */
function demandVault(head: HeadOf<'case.open'>, deposit: VaultDeposit | undefined): void {
  if ((deposit !== undefined) !== (head.enc !== ''))
    throw new IntakeError('malformed', 'A vault comes with every report that can be answered.')
  if (deposit === undefined) return
  demandReceiptVault(deposit.vault, head.by, deposit.lookup)
}
