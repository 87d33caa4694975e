import type { CurrentDirectory } from '#ledger'
import type { PublicTree } from './public-tree.ts'
import type { Kysely, Schema } from '#store'

/** The login `site`: the desk chain, the ledger and the documents. It sees no case, no key and no blob. */
export type ValveDeps = {
  readonly db: Kysely<Schema>
  readonly directory: CurrentDirectory
  readonly clock: () => number
  /** Of the desk itself: they may stand in every document. */
  readonly addresses: readonly string[]
}

/** As the front door enters it. */
export type ValveRoom = ValveDeps & { readonly tree: PublicTree }
