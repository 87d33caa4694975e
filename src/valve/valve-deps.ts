import type { CurrentDirectory } from '#ledger'
import type { Kysely, Schema } from '#store'

/** The login `site`: the desk chain, the ledger and the documents. It sees no case, no key and no blob. */
export type ValveDeps = {
  readonly db: Kysely<Schema>
  readonly directory: CurrentDirectory
  readonly clock: () => number
  /** Of the desk itself: they may stand in every document. */
  readonly addresses: readonly string[]
}
