import type { Bytes } from '#lexicon'
import type { CurrentDirectory, LedgerWriter } from '#ledger'
import type { Kysely, Schema } from '#store'
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
