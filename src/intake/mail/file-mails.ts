import { bytesOfHex, caseNumber, hexOfBytes, millisecondsOf } from '#lexicon'
import { appendToCase, type Directory, readHead, type Statement } from '#seal'
import {
  askAndCommit,
  askAtOnce,
  type RawBuilder,
  type Schema,
  type SmallBody,
  sql,
  type Transaction,
  writeSmallBodies,
} from '#store'
import { demandReaders } from '../accept-report.ts'
import type { CheckedReport } from '../check-report.ts'
import type { MailDeps, TakenMail } from '../intake-deps.ts'
import { IntakeError } from '../intake-error.ts'
import { markMails } from './mail-mark.ts'

type Tx = Transaction<Schema>

/** A mail that is a case as soon as it is written: sealed, signed, and judged as the desk's chain judges it. */
export type ReadyMail = Pick<TakenMail, 'facts' | 'raw'> & {
  readonly mark: Uint8Array<ArrayBuffer>
  readonly report: CheckedReport
  readonly body: SmallBody
  /** What it was judged by. */
  readonly directory: Directory
}

/** A larger one is filed by itself: several would stand in memory side by side. */
const LARGEST_TOGETHER = 256 * 1024
/** Each number is taken once in thirty million; at a million cases one mail in thirty meets another's. */
const NUMBER_TRIES = 4

/**
 * Files mails in one transaction, all or none of them. What each costs by itself (a lock, a look at both
 * chains, a commit on the disk) they cost together. Throws when one of them came before, when the desk's
 * chain moved, and what the database throws: then each is for who files it alone, and hears why.
 */
export async function fileMails(deps: MailDeps, mails: readonly ReadyMail[]): Promise<void> {
  for (let left = NUMBER_TRIES; ; left--) {
    try {
      await deps.db
        .transaction()
        .setIsolationLevel('read committed')
        .execute((tx) => fileIn(tx, deps, mails))
      return
    } catch (error) {
      if (!(error instanceof NumberTaken) || left <= 1) throw error
    }
  }
}

class NumberTaken extends Error {}

/** Everything that needs no database: one that fails here is not among those that are filed together. */
export async function readyMail(
  mail: Pick<ReadyMail, 'facts' | 'raw' | 'mark'>,
  report: CheckedReport,
  directory: Directory,
): Promise<ReadyMail | undefined> {
  const { id, statement, taken } = report
  const [blob, ...more] = taken
  if (blob?.kind !== 'body' || more.length > 0) return undefined
  const { bytes, hash, to, front } = blob
  const [pieceHash, ...others] = blob.pieceHashes ?? []
  if (bytes.length > LARGEST_TOGETHER || pieceHash === undefined || others.length > 0)
    return undefined
  await appendToCase(undefined, statement, id, directory, () => Promise.resolve(false))
  await demandReaders(directory, report)
  const place = { chain: bytesOfHex(id), seq: 0, circle: to }
  const body = { ...place, hash: bytesOfHex(hash), pieceHash, bytes, keyPackets: front.keyPackets }
  return { ...mail, report, body, directory }
}

async function fileIn(tx: Tx, deps: MailDeps, mails: readonly ReadyMail[]): Promise<void> {
  const { ledger, clock, random } = deps
  const now = clock()
  const numbers = mails.map(() => caseNumber(new Date(now).getUTCFullYear(), random(5)))
  // Marks first: who has the same mail waits there, and holds up nobody. Then what takes longest, then the lock.
  const asked = askedOf(deps, mails, now)
  const [marked, stored, , tail, newest, opened, ...met] = await askAtOnce(tx, [
    markMails(
      mails.map(({ mark }) => mark),
      now,
    ),
    writeSmallBodies(
      mails.map(({ body }) => body),
      { now, random },
    ),
    ledger.halves.lock(),
    ledger.halves.tail(),
    newestOfDesk(),
    openCases(mails, numbers, now),
    ...asked.map(({ question }) => question),
  ])
  if (marked.count !== mails.length) throw new RangeError('one of these mails came before')
  if (stored.count !== mails.length) throw new RangeError('one of these bodies is stored')
  const directory = demandDirectory(mails, newest.rows)
  if (opened.count !== mails.length) throw new NumberTaken()
  const { receipts, rows } = await ledger.halves.accept(tail.rows, {
    desk: directory.desk,
    dir: directory.head.id,
    of: mails.map(({ report: { id } }, n) => ({ chain: id, id, seq: 0, number: numbers[n] ?? '' })),
    notes: mails.map(({ report: { id } }) => ({ kind: 'mail-in', about: id, count: 1, note: '' })),
  })
  const accepted = acceptedAt(receipts)
  const written = [rows, writeStatements(mails, accepted), tellOf(mails, accepted)]
  const answered = asked.flatMap(({ n }, at) => {
    const mail = mails[n]
    if (mail === undefined || met[at]?.count !== 1) return []
    const { report, facts, raw } = mail
    const place = { id: report.id, number: numbers[n] ?? '', received: accepted }
    return [{ ...place, source: report.head.source, facts, raw }]
  })
  if (answered.length === 0) {
    await askAndCommit(tx, written)
    return
  }
  await askAtOnce(tx, written)
  await deps.receipts?.write(tx, answered)
}

/** What looks like nobody's mail is answered by nobody. Of the others most were answered today. */
function askedOf({ receipts }: MailDeps, mails: readonly ReadyMail[], now: number) {
  const open = mails.flatMap(({ report: { id, held = '' }, facts, raw }, n) =>
    held === '' ? [{ n, id, facts, raw, received: now }] : [],
  )
  const questions = receipts?.questions(open) ?? []
  return open.flatMap(({ n }, at) => {
    const question = questions[at]
    return question === undefined ? [] : [{ n, question }]
  })
}

/** Sealed and judged by the directory that still stands, or not at all (N7). */
function demandDirectory(
  mails: readonly ReadyMail[],
  [newest]: readonly { readonly id: Uint8Array }[],
): Directory {
  const [first] = mails
  const id = newest === undefined ? '' : hexOfBytes(newest.id)
  if (first !== undefined && mails.every(({ directory }) => directory.head.id === id))
    return first.directory
  throw new IntakeError('conflict', 'The desk changed while these mails were sealed.')
}

function newestOfDesk() {
  return sql<{ readonly id: Uint8Array }>`
    select id from identity.statement order by seq desc limit 1`
}

/** Numbers are random: we may not look which are taken. */
function openCases(mails: readonly ReadyMail[], numbers: readonly string[], now: number) {
  const heads = mails.map(({ report }) => report)
  return sql`
    insert into desk."case" (id, number, source, held, received)
    select id, number, source, held, ${new Date(now)}::timestamptz from unnest(
      ${heads.map(({ id }) => bytesOfHex(id))}::bytea[], ${numbers}::text[],
      ${heads.map(({ head }) => head.source)}::text[], ${heads.map(({ held = '' }) => held)}::text[]
    ) as t (id, number, source, held)
    on conflict do nothing`
}

function writeStatements(mails: readonly ReadyMail[], accepted: number): RawBuilder<unknown> {
  const reports = mails.map(({ report }) => report)
  const ids = reports.map(({ id }) => bytesOfHex(id))
  return sql`
    insert into desk.statement (chain, seq, id, type, head, sig, accepted)
    select id, 0, id, 'case.open', head, sig, ${new Date(accepted)}::timestamptz from unnest(
      ${ids}::bytea[], ${reports.map(({ statement }) => statement.head)}::text[],
      ${reports.map(({ statement }) => bytesOfHex(statement.sig))}::bytea[]) as t (id, head, sig)`
}

/** Whoever frees a held one tells of it then. */
function tellOf(mails: readonly ReadyMail[], accepted: number): RawBuilder<unknown> {
  const told = mails.map(({ report }) => report).filter(({ held = '' }) => held === '')
  return sql`
    insert into post.outbox (kind, about, author, written)
    select 'report-received', about, author, ${new Date(accepted)}::timestamptz from unnest(
      ${told.map(({ id }) => bytesOfHex(id))}::bytea[],
      ${told.map(({ head }) => bytesOfHex(head.by))}::bytea[]) as t (about, author)`
}

function acceptedAt([receipt]: readonly Statement[]): number {
  if (receipt === undefined) throw new RangeError('an acceptance without a receipt')
  return millisecondsOf(readHead(receipt, 'ledger').at)
}
