import type { Bytes, MailThread, Source } from '#lexicon'
import type { CurrentDirectory, LedgerWriter } from '#ledger'
import type { MailBody, MailFacts, Signer } from '#seal'
import type { Kysely, RawBuilder, Schema, Transaction } from '#store'
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

export type Receipts = {
  /** For each mail one question, which counts one row where its sender is answered, or none for never. */
  readonly questions: (
    mails: readonly Pick<TakenMail, 'id' | 'facts' | 'raw' | 'received'>[],
  ) => readonly (RawBuilder<unknown> | undefined)[]
  /** Writes the answers of those for whom it was said. */
  readonly write: (tx: Transaction<Schema>, mails: readonly TakenMail[]) => Promise<void>
}

/** What a mail answers, as far as something of ours was found in it. */
export type MailAnswers = {
  /** Addresses of this desk. */
  readonly own: readonly string[]
  readonly find: (mail: MailBody) => Promise<{
    readonly thread: MailThread
    /** A case, for one. */
    readonly about: Bytes | undefined
    /** The mail of ours that it came back for, where it is for the sender of that one. */
    readonly mail: number | undefined
    /** It is a mail of ours itself. */
    readonly ours: boolean
  }>
  /** Appends it to its case, in one transaction that begins with `first`. */
  readonly append: (what: {
    readonly caseId: string
    readonly mail: MailBody
    readonly first: (tx: Transaction<Schema>) => Promise<boolean>
    readonly bounced: boolean
  }) => Promise<'appended' | 'known' | 'no-case'>
  /** Writes down that a mail of ours did not arrive. */
  readonly bounced: (
    tx: Transaction<Schema>,
    what: { readonly mail: number; readonly answer: string },
    now: number,
  ) => Promise<void>
}

/** What it takes to file a mail, over what a report takes. */
export type MailDeps = IntakeDeps & {
  /** The server's key: a mail has no other author that could sign. */
  readonly signer: Signer
  /** Keeps the marks of taken mails from being compared with known mails. */
  readonly markKey: Bytes
  /** Absent where this desk sends no mail that could be answered: then each mail is a case. */
  readonly answers?: MailAnswers
  /** The answers to their senders, in the transaction that takes the mails. */
  readonly receipts?: Receipts
}
