import { bytesOfHex, hexOfBytes } from '#lexicon'
import {
  type Checkpoint,
  checkpointOrigin,
  consistencyRanges,
  inclusionRanges,
  signCheckpoint,
  type Signer,
  type Statement,
} from '#seal'
import type { Kysely, Schema } from '#store'
import { ledgerSize, rootsOf } from './tree-nodes.ts'

/** The acceptance of a statement, its place, and the hashes that prove it (RFC 6962 2.1.1), in hex. */
export type Inclusion = {
  readonly entry: Statement
  readonly index: number
  readonly proof: string[]
}

/** The newest state of the ledger as a signed note. `signer` holds the server's key. */
export async function newestCheckpoint(
  db: Kysely<Schema>,
  {
    signer,
    domain,
    desk,
  }: { readonly signer: Signer; readonly domain: string; readonly desk: string },
): Promise<string> {
  return signCheckpoint(signer, checkpointOrigin(domain, desk), await checkpointOf(db))
}

async function checkpointOf(db: Kysely<Schema>): Promise<Checkpoint> {
  const size = await ledgerSize(db)
  const [root] = await rootsOf(db, [{ start: 0, end: size }])
  if (root === undefined) throw new RangeError('a tree without a root')
  return { size, root }
}

/** That the tree of `size` holds the acceptance of this statement; `null` when it does not, or is not so large. */
export async function proveInclusion(
  db: Kysely<Schema>,
  ofId: string,
  size: number,
): Promise<Inclusion | null> {
  const found = await db
    .selectFrom('ledger.entry')
    .select(['seq', 'head', 'sig'])
    .where('of_id', '=', bytesOfHex(ofId))
    .executeTakeFirst()
  if (found === undefined || found.seq >= size || size > (await ledgerSize(db))) return null
  const proof = await rootsOf(db, inclusionRanges(found.seq, size))
  const entry = { head: found.head, sig: hexOfBytes(found.sig) }
  return { entry, index: found.seq, proof: proof.map(hexOfBytes) }
}

/** That the tree of `old` is the beginning of the tree of `size`; `null` when there are no such trees. */
export async function proveConsistency(
  db: Kysely<Schema>,
  old: number,
  size: number,
): Promise<string[] | null> {
  if (old > size || size > (await ledgerSize(db))) return null
  return (await rootsOf(db, consistencyRanges(old, size))).map(hexOfBytes)
}
