import { type Bytes, bytesOfHex, millisecondsOf, MINUTE } from '#lexicon'
import { demand, demandPgpMessage } from '#seal'
import type { Schema, Transaction } from '#store'
import type { MailOrder } from './mail-order.ts'
import { writeAnswerNotice } from './answer-notice.ts'
import { writePgpMail } from './pgp-mail.ts'
import { type QueueDeps, queueMail } from './queue-mail.ts'
import { messageIdOf } from './queue-receipt.ts'
import { replyAddress } from './thread-address.ts'
import { type Letterhead, writeLetter } from './write-letter.ts'

/** Mails that leave with a message of a case, in the transaction that takes it. */
export type Answers = {
  /** The case, hex. */
  readonly about: string
  /** The message, hex. */
  readonly statement: string
  readonly number: string
  readonly follows: boolean
  readonly orders: readonly MailOrder[]
  /** Milliseconds. */
  readonly now: number
}

export type AnswerDeps = QueueDeps & {
  readonly messageIds: Bytes
  readonly letterhead: Letterhead
}

/** A date inside that differs from when it leaves tells nothing true. */
const DATE_SLACK = 15 * MINUTE

/**
 * Writes and queues what leaves with a message, sealed as every mail that waits. Throws `Refused` grammar for
 * what is not encrypted: then nothing of the batch is taken.
 */
export async function queueAnswers(
  tx: Transaction<Schema>,
  { about, statement, orders, now, ...more }: Answers,
  deps: AnswerDeps,
): Promise<void> {
  const { messageIds, threads, letterhead } = deps
  const replyTo = replyAddress(threads, bytesOfHex(about))
  for (const [n, order] of orders.entries()) {
    const { kind, to, answers } = order
    const messageId = messageIdOf(messageIds, kind, `${about} ${statement} ${n}`, letterhead.from)
    const envelope = { letterhead, to, messageId, answers, date: now, replyTo }
    const raw = await written(order, { ...envelope, ...more })
    const place = { kind, about: bytesOfHex(about), statement: bytesOfHex(statement) }
    await queueMail(tx, deps, place, { to, raw, bounces: true }, now)
  }
}

type Envelope = {
  readonly letterhead: Letterhead
  readonly to: string
  readonly messageId: string
  readonly answers: string
  readonly date: number
  readonly replyTo: string
  readonly number: string
  readonly follows: boolean
}

async function written(
  order: MailOrder,
  { number, follows, ...envelope }: Envelope,
): Promise<Bytes> {
  switch (order.kind) {
    case 'answer': {
      const { armored } = order
      demandPgpMessage(armored)
      const date = millisecondsOf(order.date)
      const isNow = Math.abs(date - envelope.date) <= DATE_SLACK
      demand(isNow, 'grammar', 'The date of this mail is not now: set the clock and send it again.')
      return writePgpMail({ ...envelope, date, armored })
    }
    case 'plain': {
      const { subject, text } = order
      const named = subject.trim() === '' ? `Your report ${number}` : subject
      return writeLetter({ ...envelope, subject: named, text, submitted: '' })
    }
    case 'notice':
      return writeAnswerNotice({ ...envelope, number, follows, code: order.claim?.code })
  }
}
