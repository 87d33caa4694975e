import type { NewStatement, VaultDeposit } from '#contract'
import { readHead, type Statement, statementId } from '#seal'
import { ClientError } from './client-error.ts'
import { type DeskView, proveJustAccepted } from './desk-view.ts'
import { verifyAcceptance } from './ledger-proofs.ts'
import { persist } from './upload.ts'

export type FiledReport = {
  /** The receipt's twelve words: shown only now, after the signed receipt verified. */
  readonly words: string
  readonly number: string
  /** The ledger's time. */
  readonly received: string
  /** The case id: the hash of the signed head that names everything that was stored; the receipt signs it. */
  readonly sha256: string
  /** The two signed texts that prove it: what was filed, and the ledger's acceptance of it. */
  readonly proof: { readonly filed: Statement; readonly receipt: Statement }
}

/** A report as it was signed and sealed, with the words that open it again. It holds nothing else readable. */
export type SealedReport = {
  readonly words: string
  readonly report: NewStatement
  readonly vault: VaultDeposit
}

type Patience = { readonly wait: (milliseconds: number) => Promise<void> }

/** Posts a report, perhaps again: the same statement gives the same receipt, never a second case. */
export async function resumeReport(
  view: DeskView,
  deps: Patience,
  { words, report, vault }: SealedReport,
): Promise<FiledReport> {
  const { id, number, received, receipt } = await postReport(view, deps, report, vault)
  return { words, number, received, sha256: id, proof: { filed: report.statement, receipt } }
}

/** Posts a signed `case.open` until its receipt is here and verified, and the ledger holds it (PROTOCOL 3). */
export async function postReport(
  view: DeskView,
  deps: Patience,
  report: NewStatement,
  vault?: VaultDeposit,
): Promise<{
  readonly id: string
  readonly number: string
  readonly received: string
  readonly receipt: Statement
}> {
  const id = statementId(report.statement.head)
  const receipt = await persist(deps, () => post(view, report, vault))
  const { dir } = readHead(report.statement, 'case')
  const { head } = await verifyAcceptance(view, id, { id, seq: 0, dir }, receipt)
  await proveJustAccepted(view, id)
  return { id, number: head.number, received: head.at, receipt }
}

async function post(
  view: DeskView,
  report: NewStatement,
  vault: VaultDeposit | undefined,
): Promise<Statement> {
  const answer = await view.api.call('fileReport', { body: { report, vault } })
  if (answer.receipt !== undefined) return answer.receipt
  throw new ClientError(
    'journaled',
    'The desk has your report on disk but cannot sign its receipt yet. It is not lost. Send it again later: the same report brings its receipt, and is not filed twice.',
  )
}
