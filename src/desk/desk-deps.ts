import type { Bytes } from '#lexicon'
import type { CurrentDirectory, LedgerWriter } from '#ledger'
import type { Person } from '#seal'
import type { Kysely, Schema } from '#store'
import type { CaseFolds } from './case-folds.ts'
import type { QueueMails } from './mailing.ts'

export type DeskDeps = {
  /** The login of the desk. */
  readonly db: Kysely<Schema>
  readonly ledger: LedgerWriter
  readonly directory: CurrentDirectory
  /** One per server. */
  readonly folds: CaseFolds
  /** Milliseconds. */
  readonly clock: () => number
  readonly random: (length: number) => Bytes
  /** Absent where the desk has no mail address. */
  readonly queueMails?: QueueMails
}

/** Who asks. What they may see is decided here each time, from the folded chains. */
export type Party =
  | { readonly kind: 'member'; readonly who: Person }
  | { readonly kind: 'reporter'; readonly who: Person; readonly caseId: string }
