import {
  type Bytes,
  bytesOfHex,
  DAY,
  headerValues,
  isSameAddress,
  mailboxOf,
  hexOfBytes,
  type MailHeaders,
  readMailHeaders,
  type Source,
  statedAddress,
} from '#lexicon'
import { hmacSha256, type MailFacts } from '#seal'
import { type RawBuilder, type Schema, sql, type Transaction } from '#store'
import { mayAnswer } from './may-answer.ts'
import { type QueueDeps, queueMail } from './queue-mail.ts'
import { writeReceiptMail } from './receipt-mail.ts'
import type { ReceiptPace } from './receipt-pace.ts'
import { replyAddress } from './thread-address.ts'
import type { Letterhead } from './write-letter.ts'

/** A mail that was just taken, in the transaction that takes it. */
export type TakenMail = {
  /** Of the case, hex. */
  readonly id: string
  readonly number: string
  /** Milliseconds. */
  readonly received: number
  /** `pgp` when it came as ciphertext. */
  readonly source: Source
  readonly facts: MailFacts
  readonly raw: Bytes
}

export type ReceiptDeps = QueueDeps & {
  /** For the Message-IDs of the desk: it outlives post.key, for answers come late. */
  readonly messageIds: Bytes
  readonly letterhead: Letterhead
  /** The desk's addresses; mail from them is not answered. */
  readonly own: readonly string[]
  /** A link to claim this case by (PROTOCOL 7), made and kept in the same transaction. */
  readonly claimLink: (tx: Transaction<Schema>, caseId: string) => Promise<string>
  readonly pace: ReceiptPace
  /** Whose share of the receipts this mail takes from; `""` for nobody's. */
  readonly networkOf: (facts: MailFacts) => string
  /** Told why there is no receipt, when it could not be written. */
  readonly failed: (error: unknown) => void
}

/**
 * Who may be answered, at most once a day: for each mail the question that counts one row where it is the
 * first of its sender, and none where no program may answer it. What was answered cannot be read, only met
 * again; the plus-addresses of one mailbox are one sender. Where there is no receipt left the question counts none
 * and notes it: the sender has the day still.
 */
export function receiptQuestions(
  mails: readonly Pick<TakenMail, 'id' | 'facts' | 'raw' | 'received'>[],
  {
    keys,
    letterhead,
    pace,
    networkOf,
    ...deps
  }: Pick<ReceiptDeps, 'keys' | 'own' | 'pace' | 'networkOf'> & {
    readonly letterhead: Pick<Letterhead, 'from'>
  },
): readonly (RawBuilder<unknown> | undefined)[] {
  const own = [...deps.own, letterhead.from]
  const hasRoom = pace.room()
  return mails.map(({ id, facts, raw, received }) => {
    if (!mayAnswer({ headers: readMailHeaders(raw), facts, own })) return undefined
    if (!hasRoom(networkOf(facts))) return noteNone(id, received)
    const { mark, day } = answeredAs(keys, facts, received)
    return sql`
      insert into post.answered (mark, day) values (${mark}, ${day}) on conflict do nothing`
  })
}

/**
 * Queues the receipt of a mail whose sender is to be answered. `tx` is the transaction that takes it: either
 * both are there or none. Says whether there will be one.
 */
export async function queueReceipt(
  tx: Transaction<Schema>,
  taken: TakenMail,
  deps: ReceiptDeps,
): Promise<boolean> {
  const mail: Answered = { ...taken, headers: readMailHeaders(taken.raw) }
  const { id, received, source, facts, headers } = mail
  const { mark, day } = answeredAs(deps.keys, facts, received)
  deps.pace.spend(deps.networkOf(facts), `${hexOfBytes(mark)} ${day}`)
  // Whoever encrypted is answered encrypted: a link in a readable mail would be the weaker way in.
  const linked = source !== 'pgp' && isFromItsEnvelope(headers, facts.from)
  const claim = linked ? await deps.claimLink(tx, id) : ''
  const receipt = await written(mail, claim, deps)
  if (receipt === undefined) return false
  const place = { kind: 'receipt', about: bytesOfHex(id) } as const
  await queueMail(tx, deps, place, { to: facts.from, raw: receipt, bounces: false }, received)
  return true
}

type Answered = TakenMail & { readonly headers: MailHeaders }

/**
 * The same mail of the desk has the same Message-ID however often it is made, and nobody else can make
 * one that the desk takes for its own.
 */
export function messageIdOf(key: Bytes, kind: string, about: string, from: string): string {
  const mark = hexOfBytes(hmacSha256(key, `${kind} ${about}`)).slice(0, 40)
  return `<${kind}.${mark}@${from.slice(from.lastIndexOf('@') + 1)}>`
}

/** A receipt that cannot be written must not keep the report out: its sender would send it for nothing, again and again. */
async function written(
  { id, number, received, source, facts, headers }: Answered,
  claim: string,
  {
    letterhead,
    messageIds,
    threads,
    failed,
  }: Pick<ReceiptDeps, 'letterhead' | 'messageIds' | 'threads' | 'failed'>,
): Promise<Bytes | undefined> {
  try {
    return await writeReceiptMail({
      letterhead,
      to: facts.from,
      number,
      received,
      readable: source !== 'pgp',
      claim,
      messageId: messageIdOf(messageIds, 'receipt', id, letterhead.from),
      answers: answeredId(headers),
      replyTo: replyAddress(threads, bytesOfHex(id)),
    })
  } catch (error) {
    failed(error)
    return undefined
  }
}

/**
 * Does the one author whom this mail names get the receipt? A signed mail of somebody else can be sent again
 * with any envelope: its sender would get the author's link. Every doubt is a no.
 */
function isFromItsEnvelope(headers: MailHeaders, envelope: string): boolean {
  const [author = '', ...others] = headerValues(headers, 'from')
  if (others.length > 0 || !headers.plain) return false
  return isSameAddress(envelope, statedAddress(author) ?? '')
}

/** The sender by a keyed hash, and the day, UTC. */
function answeredAs(keys: QueueDeps['keys'], { from }: MailFacts, received: number) {
  return { mark: hmacSha256(keys.answered, mailboxOf(from)), day: Math.floor(received / DAY) }
}

/** The case says that its sender got none, and why. What it counts is not the row that it writes. */
function noteNone(id: string, received: number): RawBuilder<unknown> {
  return sql`
    with noted as (
      insert into post.delivery (kind, about, state, answer, at)
      values ('receipt', ${bytesOfHex(id)}, 'dead', 'hour', ${new Date(received)}::timestamptz))
    select 1 where false`
}

/** A stranger's text goes into a header of ours only in this form. */
function answeredId(headers: MailHeaders): string {
  const [id = ''] = headerValues(headers, 'message-id')
  return /^<[!-;=?-~]{1,240}>$/.test(id) ? id : ''
}
