import type { Bytes, Source } from '#lexicon'
import type { CurrentDirectory, LedgerWriter } from '#ledger'
import type { MailFacts, Signer } from '#seal'
import type { Kysely, Schema, Transaction } from '#store'
import type { Journal } from './journal.ts'

export type IntakeDeps = {
  /** The login of intake: it inserts and cannot read back. */
  readonly db: Kysely<Schema>
  readonly ledger: LedgerWriter
  readonly directory: CurrentDirectory
  readonly journal: Journal
  /** Milliseconds. */
  readonly clock: () => number
  readonly random: (length: number) => Bytes
}

/** A mail that becomes a case in this transaction. */
export type TakenMail = {
  /** The case, hex. */
  readonly id: string
  readonly number: string
  /** When the ledger took it, in milliseconds. */
  readonly received: number
  /** `pgp` when it came as ciphertext. */
  readonly source: Source
  readonly facts: MailFacts
  readonly raw: Bytes
}

/** What it takes to file a mail, over what a report takes. */
export type MailDeps = IntakeDeps & {
  /** The server's key: a mail has no other author that could sign. */
  readonly signer: Signer
  /** Keeps the marks of taken mails from being compared with known mails. */
  readonly markKey: Bytes
  /** Writes the answer to the sender, in the transaction that takes the mail. */
  readonly receipt?: (tx: Transaction<Schema>, mail: TakenMail) => Promise<void>
}
