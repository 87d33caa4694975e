import {
  type Bytes,
  bytesOfHex,
  DAY,
  headerValues,
  isSameAddress,
  mailboxOf,
  hexOfBytes,
  type MailHeaders,
  type Pace,
  readMailHeaders,
  type Source,
  statedAddress,
} from '#lexicon'
import { hmacSha256, type MailFacts } from '#seal'
import { type RawBuilder, type Schema, sql, type Transaction } from '#store'
import { mayAnswer } from './may-answer.ts'
import { type QueueDeps, queueMail } from './queue-mail.ts'
import { writeReceiptMail } from './receipt-mail.ts'
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
  /** Of all receipts of this desk: whoever forges senders makes it write to people who know nothing of it. */
  readonly pace: Pace
  /** Told why there is no receipt, when it could not be written. */
  readonly failed: (error: unknown) => void
}

/**
 * Who may be answered, at most once a day: for each mail the question that touches one row where it is the
 * first of its sender, and none where no program may answer it. What was answered cannot be read, only met
 * again; the plus-addresses of one mailbox are one sender.
 */
export function receiptQuestions(
  mails: readonly Pick<TakenMail, 'facts' | 'raw' | 'received'>[],
  {
    keys,
    letterhead,
    ...deps
  }: Pick<ReceiptDeps, 'keys' | 'own'> & {
    readonly letterhead: Pick<Letterhead, 'from'>
  },
): readonly (RawBuilder<unknown> | undefined)[] {
  const own = [...deps.own, letterhead.from]
  return mails.map(({ facts, raw, received }) => {
    if (!mayAnswer({ headers: readMailHeaders(raw), facts, own })) return undefined
    const mark = hmacSha256(keys.answered, mailboxOf(facts.from))
    const day = Math.floor(received / DAY)
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
  if (!deps.pace.take('')) {
    await noteNone(tx, id, received)
    return false
  }
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

/** The case says that its sender got none, and why. */
async function noteNone(tx: Transaction<Schema>, id: string, received: number): Promise<void> {
  const row = { kind: 'receipt', state: 'dead', answer: 'hour' }
  await tx
    .insertInto('post.delivery')
    .values({ ...row, about: bytesOfHex(id), at: new Date(received) })
    .execute()
}

/** A stranger's text goes into a header of ours only in this form. */
function answeredId(headers: MailHeaders): string {
  const [id = ''] = headerValues(headers, 'message-id')
  return /^<[!-;=?-~]{1,240}>$/.test(id) ? id : ''
}
