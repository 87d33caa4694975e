import { millisecondsOf } from '#lexicon'
import { type MailBody, readHead } from '#seal'
import { accept } from '../accept-report.ts'
import type { CheckedReport } from '../check-report.ts'
import { storageFailure } from '../file-report.ts'
import type { MailDeps } from '../intake-deps.ts'
import { IntakeError } from '../intake-error.ts'
import { mailMark, putMailMark } from './mail-mark.ts'
import { sealReport } from './seal-report.ts'
import { sourceOfMail } from './source-of-mail.ts'

/** A mail as it came, byte for byte, and what the letterbox saw of it. */
export type Mail = MailBody

/** `known`: it came before and is a case already. */
export type Taken = 'new' | 'known'

/** The desk chain moves when people sign; nobody signs this often. */
const TRIES = 5

/**
 * Makes a case of a mail. It is durable when this returns, once, however often the same mail comes.
 * Throws `IntakeError` not-open, unavailable or disk-full; then nothing of it was kept. There is no journal
 * for mail: whoever sent it keeps it and comes again.
 */
export async function takeMail(deps: MailDeps, mail: Mail): Promise<Taken> {
  const mark = mailMark(deps.markKey, mail.facts.to, mail.raw)
  for (let left = TRIES; ; left--) {
    try {
      const report = await sealed(deps, mail)
      return await file(deps, mail, mark, report)
    } catch (cause) {
      const moved = cause instanceof IntakeError && cause.code === 'conflict'
      if (!moved || left <= 1) throw storageFailure(cause)
    }
  }
}

async function sealed({ directory, signer, clock }: MailDeps, mail: Mail): Promise<CheckedReport> {
  const desk = await directory()
  if (desk === undefined) throw new IntakeError('not-open', 'This desk is not set up yet.')
  return sealReport({ ...mail, source: sourceOfMail(mail.raw) }, desk, signer, clock())
}

async function file(
  deps: MailDeps,
  { facts, raw }: Mail,
  mark: ReturnType<typeof mailMark>,
  report: CheckedReport,
): Promise<Taken> {
  return deps.db
    .transaction()
    .setIsolationLevel('read committed')
    .execute(async (tx) => {
      // Before everything else: of two that are the same the second waits here, and holds up nobody.
      if (!(await putMailMark(tx, mark, deps.clock()))) return 'known'
      const { id } = report
      const { source } = report.head
      const came = { kind: 'mail-in', about: id, count: 1, note: '' } as const
      const { receipt } = await accept(tx, deps, report, { notes: [came] })
      const { at, number } = demandAcceptance(readHead(receipt, 'ledger'))
      await deps.receipt?.(tx, { id, number, received: millisecondsOf(at), source, facts, raw })
      return 'new'
    })
}

function demandAcceptance(head: ReturnType<typeof readHead<'ledger'>>) {
  if (head.type === 'ledger.accept') return head
  throw new RangeError('an acceptance of another type')
}
