import {
  type Bytes,
  hexOfBytes,
  kindOfMail,
  millisecondsOf,
  readDeliveryReport,
  readMailHeaders,
} from '#lexicon'
import { type Directory, type MailBody, readHead } from '#seal'
import { askAtOnce, type Schema, type Transaction } from '#store'
import { accept } from '../accept-report.ts'
import type { CheckedReport } from '../check-report.ts'
import { storageFailure } from '../file-report.ts'
import type { MailAnswers, MailDeps, TakenMail } from '../intake-deps.ts'
import { IntakeError } from '../intake-error.ts'
import { readyMail } from './file-mails.ts'
import type { LetterGroups, LetterTaken } from './letter-groups.ts'
import { mailMark, putMailMark } from './mail-mark.ts'
import { reasonToHold } from './reason-to-hold.ts'
import { sealReport } from './seal-report.ts'
import { sourceOfMail } from './source-of-mail.ts'
import { putStoredMark, storedMark } from './stored-mark.ts'

/** A mail as it came, byte for byte, and what the letterbox saw of it. */
export type Mail = MailBody

/** `new`: it is a case. `appended`: it stands in the case that it answers. `known`: it came before. */
export type Taken = 'new' | 'appended' | 'known'

/** Where mails that come at once wait to be filed together. Without it each is filed by itself. */
export type TakingDeps = MailDeps & { readonly letters?: LetterGroups }

/** The desk chain moves when people sign; nobody signs this often. */
const TRIES = 5

/**
 * Makes a case of a mail, or appends it to the case that it answers. It is durable when this returns, once,
 * however often the same mail comes. Throws `IntakeError` not-open, unavailable or disk-full, and what
 * `append` throws; then nothing of it was kept. There is no journal for mail: whoever sent it keeps it and
 * comes again.
 */
export async function takeMail(deps: TakingDeps, mail: Mail): Promise<Taken> {
  try {
    const found = (await deps.answers?.find(mail)) ?? NOTHING_FOUND
    const taken: Placed = {
      mail: { raw: mail.raw, facts: { ...mail.facts, thread: found.thread } },
      ours: found.ours,
      first: firstOf(deps, mail, found.mail),
    }
    const about = found.ours ? undefined : found.about
    const appended = about && (await appendTo(deps.answers, hexOfBytes(about), taken))
    return appended ?? (await fileNew(deps, taken))
  } catch (cause) {
    throw storageFailure(cause)
  }
}

type Found = Awaited<ReturnType<MailAnswers['find']>>
type Tx = Transaction<Schema>

const NOTHING_FOUND: Found = { thread: 'new', about: undefined, mail: undefined, ours: false }

/** A mail whose thread is known. `first` goes first in the transaction that takes it; false: it came before. */
type Placed = {
  readonly mail: Mail
  readonly ours: boolean
  readonly first: ((tx: Tx) => Promise<boolean>) & {
    readonly bounced: boolean
    /** Of a mail that just comes. */
    readonly mark: Bytes | undefined
  }
}

/** The mark, and with it what became of the mail of ours that this one gives back. */
function firstOf(
  { answers, clock, markKey }: MailDeps,
  { facts, raw }: Mail,
  returned: number | undefined,
): Placed['first'] {
  const stored = facts.way !== 'smtp'
  const mark = stored ? storedMark(markKey, raw) : mailMark(markKey, facts.to, raw)
  const put = stored ? putStoredMark : putMailMark
  const headers = readMailHeaders(raw)
  const kind = kindOfMail({ headers, from: facts.from, own: [] })
  const report = readDeliveryReport(raw, headers)
  // Late is not lost, and what arrived is reported as well.
  const failed = report.action === 'failed' || report.action === ''
  const mail = kind === 'bounce' && failed ? returned : undefined
  const first = async (tx: Tx) => {
    // Before everything else: of two that are the same the second waits here, and holds up nobody.
    if (!(await put(tx, mark, clock()))) return false
    if (mail !== undefined) await answers?.bounced(tx, { mail, answer: report.status }, clock())
    return true
  }
  return Object.assign(first, { bounced: mail !== undefined, mark: stored ? undefined : mark })
}

/** `undefined` where nothing can follow in that case, or it is none. */
async function appendTo(
  answers: MailAnswers | undefined,
  caseId: string,
  { mail, first }: Placed,
): Promise<Taken | undefined> {
  const became = await answers?.append({ caseId, mail, first, bounced: first.bounced })
  return became === 'no-case' ? undefined : became
}

async function fileNew(deps: TakingDeps, { mail, ours, first }: Placed): Promise<Taken> {
  const { facts, raw } = mail
  const own = [...facts.to, ...(deps.answers?.own ?? [])]
  const held = reasonToHold({ headers: readMailHeaders(raw), facts, own, ours })
  const { letters } = deps
  for (let left = TRIES; ; left--) {
    try {
      const directory = await (letters ?? deps).directory()
      if (directory === undefined) throw new IntakeError('not-open', 'This desk is not set up yet.')
      const report = { ...(await sealed(deps, mail, directory)), held }
      const alone = () => file(deps, mail, first, report)
      // What gives a mail of ours back, or stays in a mailbox, has more to say than its mark.
      if (letters === undefined || first.mark === undefined || first.bounced) return await alone()
      const ready = await readyMail({ ...mail, mark: first.mark }, report, directory)
      return ready === undefined ? await alone() : await letters.file({ ready, alone })
    } catch (cause) {
      const moved = cause instanceof IntakeError && cause.code === 'conflict'
      letters?.forget()
      if (!moved || left <= 1) throw cause
    }
  }
}

async function sealed(
  { signer, clock }: MailDeps,
  mail: Mail,
  directory: Directory,
): Promise<CheckedReport> {
  const source = mail.facts.way === 'import' ? 'import' : sourceOfMail(mail.raw)
  return sealReport({ ...mail, source }, directory, signer, clock())
}

async function file(
  deps: MailDeps,
  { facts, raw }: Mail,
  first: Placed['first'],
  report: CheckedReport,
): Promise<LetterTaken> {
  return deps.db
    .transaction()
    .setIsolationLevel('read committed')
    .execute(async (tx) => {
      if (!(await first(tx))) return 'known'
      const { id, held } = report
      const { source } = report.head
      const note = { about: id, count: 1, note: '' }
      const came = { ...note, kind: 'mail-in' as const }
      const notes = first.bounced ? [came, { ...note, kind: 'bounce' as const }] : [came]
      const { receipt } = await accept(tx, deps, report, { notes })
      const { at, number } = demandAcceptance(readHead(receipt, 'ledger'))
      const taken = { id, number, received: millisecondsOf(at), source, facts, raw }
      // What looks like nobody's mail is answered by nobody.
      if (held === '' && (await isAnswered(tx, deps, taken)))
        await deps.receipts?.write(tx, [taken])
      return 'new'
    })
}

async function isAnswered(tx: Tx, { receipts }: MailDeps, taken: TakenMail): Promise<boolean> {
  const [question] = receipts?.questions([taken]) ?? []
  if (question === undefined) return false
  const [answer] = await askAtOnce(tx, [question])
  return answer.count === 1
}

function demandAcceptance(head: ReturnType<typeof readHead<'ledger'>>) {
  if (head.type === 'ledger.accept') return head
  throw new RangeError('an acceptance of another type')
}
