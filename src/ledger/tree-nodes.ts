import type { Bytes } from '#lexicon'
import { cover, type Range, rootOfCover, type TreeNode } from '#seal'
import type { Kysely, Schema } from '#store'
import { LedgerError } from './ledger-error.ts'

/** How many entries the ledger has. */
export async function ledgerSize(db: Kysely<Schema>): Promise<number> {
  const last = await db
    .selectFrom('ledger.entry')
    .select('seq')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return last === undefined ? 0 : last.seq + 1
}

/** The roots over ranges of leaves, from O(log n) rows in one query. */
export async function rootsOf(db: Kysely<Schema>, ranges: readonly Range[]): Promise<Bytes[]> {
  const covers = ranges.map(({ start, end }) => cover(start, end))
  const hashes = await readNodes(db, covers.flat())
  let next = 0
  return covers.map((nodes) => {
    const own = hashes.slice(next, next + nodes.length)
    next += nodes.length
    return rootOfCover(own)
  })
}

async function readNodes(db: Kysely<Schema>, nodes: readonly TreeNode[]): Promise<Bytes[]> {
  if (nodes.length === 0) return []
  const rows = await db
    .selectFrom('ledger.node')
    .select(['level', 'idx', 'hash'])
    .where((row) =>
      row.or(
        nodes.map(({ level, index }) =>
          row.and([row('level', '=', level), row('idx', '=', index)]),
        ),
      ),
    )
    .execute()
  const found = new Map(rows.map(({ level, idx, hash }) => [`${level}/${idx}`, hash]))
  return nodes.map(({ level, index }) => {
    const hash = found.get(`${level}/${index}`)
    if (hash !== undefined) return hash
    const entry = index * 2 ** level
    throw new LedgerError('broken', `The tree lacks a node over entry ${entry}.`, { entry })
  })
}
