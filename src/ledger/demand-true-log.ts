import { hexOfBytes } from '#lexicon'
import { type AnyHead, demand, readLogMark } from '#seal'
import type { Kysely, Schema } from '#store'
import { ledgerSize, rootsOf } from './tree-nodes.ts'

/**
 * The ledger states that these heads claim to have seen are states of this ledger. Clients hold every
 * `log` against their own checkpoint (H3): one invented by an author would alarm everybody who reads the
 * chain, for ever. Throws `Refused` H3.
 */
export async function demandTrueLog(db: Kysely<Schema>, heads: readonly AnyHead[]): Promise<void> {
  const marks = new Set(heads.map((head) => head.log))
  const size = marks.size === 0 ? 0 : await ledgerSize(db)
  for (const mark of marks) {
    const seen = readLogMark(mark)
    if (seen === undefined) continue
    const [root] = seen.size > size ? [] : await rootsOf(db, [{ start: 0, end: seen.size }])
    const own = root !== undefined && hexOfBytes(root) === hexOfBytes(seen.root)
    demand(own, 'H3', 'This statement names a ledger that is not the one of this desk.')
  }
}
