import { type Bytes, hexOfBytes } from '#lexicon'
import { cover } from '#seal'
import { LEDGER_LOCK, type RawBuilder, sql } from '#store'
import { LedgerError } from './ledger-error.ts'
import { EMPTY_FRONTIER, type Frontier } from './tree-growth.ts'

/** What an entry is written behind: the ledger's own id, its last entry, and its tree. */
export type LedgerTail = {
  readonly chain: string
  readonly prev: string
  readonly frontier: Frontier
}

export type TailRow = {
  readonly first: Bytes
  readonly seq: number
  readonly id: Bytes
  readonly level: number | null
  readonly idx: number | null
  readonly hash: Bytes | null
}

export function lockQuestion(): RawBuilder<unknown> {
  return sql`select pg_advisory_xact_lock(${LEDGER_LOCK})`
}

/**
 * Both ends of the ledger and, a row each, the complete subtrees that its tree consists of: of so many
 * leaves each bit that is set is one. No row before the ledger has its first entry.
 */
export function tailQuestion(): RawBuilder<TailRow> {
  return sql<TailRow>`
    select first.id as first, last.seq, last.id, node.level, node.idx, node.hash
    from (select id from ledger.entry where seq = 0) first
    cross join (select seq, id from ledger.entry order by seq desc limit 1) last
    join generate_series(0, 52) bit on (((last.seq + 1) >> bit) & 1) = 1
    left join ledger.node on node.level = bit and node.idx = ((last.seq + 1) >> bit) - 1
    order by bit desc`
}

/** Throws `LedgerError` broken where the tree lacks a node. */
export function tailOf(rows: readonly TailRow[]): LedgerTail {
  const [row] = rows
  if (row === undefined) return { chain: '', prev: '', frontier: EMPTY_FRONTIER }
  const size = row.seq + 1
  const nodes = cover(0, size).map(({ level, index }, i) => {
    const { hash, ...found } = rows[i] ?? row
    if (hash !== null && found.level === level && found.idx === index) return { level, index, hash }
    const entry = index * 2 ** level
    throw new LedgerError('broken', `The tree lacks a node over entry ${entry}.`, { entry })
  })
  return { chain: hexOfBytes(row.first), prev: hexOfBytes(row.id), frontier: { size, nodes } }
}
