import type { MailOrder } from '#contract'
import type { Schema, Transaction } from '#store'

/** Mails that leave with a message of a case, for whoever writes and queues them. */
export type Mailing = {
  /** The case, hex. */
  readonly about: string
  /** The message, hex: the same one always leaves under the same Message-ID. */
  readonly statement: string
  readonly number: string
  /** The reporter has words to read answers with. */
  readonly follows: boolean
  readonly orders: readonly MailOrder[]
  /** Milliseconds. */
  readonly now: number
}

/** Queues mails in the transaction that takes the batch. */
export type QueueMails = (tx: Transaction<Schema>, mailing: Mailing) => Promise<void>
