import type { Bytes } from '#lexicon'
import type { LedgerWriter } from '#ledger'
import type { Person } from '#seal'
import type { Kysely, Schema, Transaction } from '#store'
import type { DeskChain } from './desk-chain.ts'

export type Db = Kysely<Schema>
export type Tx = Transaction<Schema>

export type IdentityDeps = {
  /** The login of identity. */
  readonly db: Db
  readonly ledger: LedgerWriter
  readonly deskChain: DeskChain
  /** Our public key: the one that `desk.open` must name. */
  readonly server: Person
  /** The one public origin, which a login claim must name. */
  readonly origin: string
  /** Milliseconds. */
  readonly clock: () => number
  readonly random: (length: number) => Bytes
}
