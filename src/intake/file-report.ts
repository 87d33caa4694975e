import { demandRecent } from '#ledger'
import { isDatabaseAway } from '#store'
import type { Statement } from '#seal'
import { acceptReport } from './accept-report.ts'
import { type CheckedReport, checkReport, type Report } from './check-report.ts'
import { isDiskFull } from './disk.ts'
import type { IntakeDeps } from './intake-deps.ts'
import { IntakeError } from './intake-error.ts'

/** The receipt of a report, or that it lies in the journal: on the disk for good, accepted later. */
export type Filed = { readonly receipt: Statement } | { readonly journaled: true }

/**
 * Takes a sealed report. It is durable when this returns. The same report again gets the same receipt.
 * Throws `Refused`, `LedgerError` or `IntakeError`; then nothing of it counts.
 */
export async function fileReport(deps: IntakeDeps, report: Report): Promise<Filed> {
  const now = deps.clock()
  const checked = await checkReport(report, now)
  const { id } = checked
  const waiting = await deps.journal.read(id)
  let receipt: Statement
  try {
    receipt = await acceptReport(deps, checked, waiting?.arrived)
  } catch (cause) {
    if (!isDatabaseAway(cause)) throw cause
    if (waiting === undefined) demandRecent(checked.head, now)
    return keep(deps, report, checked, now, cause)
  }
  // An entry that stays is found accepted by the next replay: no reason to withhold the receipt.
  await deps.journal.remove(id).catch(() => undefined)
  return { receipt }
}

/** Files lie in the database that is away: a report that names some cannot be kept without it. */
async function keep(
  { journal }: IntakeDeps,
  { report, vault }: Report,
  { id, head }: CheckedReport,
  now: number,
  away: unknown,
): Promise<Filed> {
  if (head.files.length > 0) throw unavailable(away)
  try {
    await journal.write({ id, arrived: now, report, vault })
    return { journaled: true }
  } catch (cause) {
    throw isDiskFull(cause) ? noRoom(cause) : cause
  }
}

/** What a failed attempt to store becomes for whoever asked. */
export function storageFailure(cause: unknown): unknown {
  if (isDiskFull(cause)) return noRoom(cause)
  return isDatabaseAway(cause) ? unavailable(cause) : cause
}

function noRoom(cause: unknown): IntakeError {
  return new IntakeError('disk-full', 'There is no room on the disk of the desk.', { cause })
}

function unavailable(cause: unknown): IntakeError {
  return new IntakeError('unavailable', 'The database of the desk is away.', { cause })
}
