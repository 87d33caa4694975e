import { type Bytes, bytesOfHex, hexOfBytes, type LedgerEvent, timeOf } from '#lexicon'
import {
  type HeadOf,
  leafHash,
  type LedgerHead,
  type Signer,
  signStatement,
  type Statement,
  statementId,
} from '#seal'
import { LEDGER_LOCK, type Schema, sql, type Transaction } from '#store'
import { LedgerError } from './ledger-error.ts'
import { growTree, type HashedNode } from './tree-growth.ts'
import { frontierOf } from './tree-nodes.ts'

type Tx = Transaction<Schema>

/** A statement that becomes durable in this transaction. `number` only where a case opens, else `""`. */
export type Acceptance = {
  readonly chain: string
  readonly id: string
  readonly seq: number
  readonly number: string
}

/** This desk, and the newest desk statement at the moment of the entry. */
export type EntryPlace = { readonly desk: string; readonly dir: string }

/** Something that happened, never content (PROTOCOL 5.4). */
export type LedgerNote = {
  readonly kind: LedgerEvent
  readonly about: string
  readonly count: number
  readonly note: string
}

/** Appends to the ledger in the caller's transaction: with it an entry counts, without it there is none. */
export type LedgerWriter = {
  /**
   * Appends come one after another from here to the end of the transaction. A room takes the lock
   * before it reads what decides (the tails of its chains), and after it filed blobs.
   */
  readonly lock: (tx: Tx) => Promise<void>
  /** The first entry, inside the transaction that sets the desk up. */
  readonly open: (tx: Tx, place: EntryPlace) => Promise<Statement>
  /** The receipts, in this order. What happened by them is noted behind them. */
  readonly accept: (
    tx: Tx,
    what: EntryPlace & {
      readonly of: readonly Acceptance[]
      readonly notes?: readonly LedgerNote[]
    },
  ) => Promise<Statement[]>
  readonly event: (tx: Tx, what: EntryPlace & LedgerNote) => Promise<Statement>
}

/** `signer` holds the server's key. */
export function openLedgerWriter(deps: {
  readonly signer: Signer
  readonly clock: () => number
}): LedgerWriter {
  const write = async (tx: Tx, { desk, dir }: EntryPlace, entries: readonly Own[]) =>
    append(tx, deps.signer, entries, { desk, dir, at: timeOf(deps.clock()) })
  const note = ({ kind, about, count, note: words }: LedgerNote): Own => ({
    type: 'ledger.event',
    kind,
    about,
    count,
    note: words,
  })
  return {
    lock,
    open: async (tx, place) => first(await write(tx, place, [{ type: 'ledger.open' }])),
    accept: async (tx, { of, notes = [], ...place }) => {
      const entries = await write(tx, place, [...of.map(acceptance), ...notes.map(note)])
      return entries.slice(0, of.length)
    },
    event: async (tx, { kind, about, count, note: words, ...place }) =>
      first(await write(tx, place, [note({ kind, about, count, note: words })])),
  }
}

type Placed = 'v' | 'desk' | 'chain' | 'seq' | 'prev' | 'by' | 'at' | 'dir' | 'log'
/** What an entry says by itself, before it has its place. */
type Own = { [T in LedgerHead['type']]: Omit<HeadOf<T>, Placed> }[LedgerHead['type']]

/** Who has the lock has it to the end of the transaction, and need not ask again. */
const locked = new WeakSet<Tx>()

async function lock(tx: Tx): Promise<void> {
  if (locked.has(tx)) return
  await sql`select pg_advisory_xact_lock(${LEDGER_LOCK})`.execute(tx)
  locked.add(tx)
}

async function append(
  tx: Tx,
  signer: Signer,
  entries: readonly Own[],
  common: EntryPlace & { readonly at: string },
): Promise<Statement[]> {
  if (entries.length === 0) return []
  await lock(tx)
  const tail = await readTail(tx)
  let { chain, prev } = tail
  let { frontier } = tail
  const rows: Row[] = []
  const nodes: HashedNode[] = []
  const statements: Statement[] = []
  for (const own of entries) {
    demandPlace(own, frontier.size)
    const seq = frontier.size
    const head: LedgerHead = { v: 1, ...common, chain, seq, prev, by: signer.who, log: '', ...own }
    const statement = await signStatement(signer, head)
    const id = statementId(statement.head)
    const { frontier: next, grown } = growTree(frontier, leafHash(bytesOfHex(id)))
    rows.push({ seq, id: bytesOfHex(id), ...rowOf(head, statement) })
    nodes.push(...grown)
    statements.push(statement)
    if (chain === '') chain = id
    prev = id
    frontier = next
  }
  await tx
    .with('entries', (db) => db.insertInto('ledger.entry').values(rows))
    .insertInto('ledger.node')
    .values(nodes.map(({ level, index, hash }) => ({ level, idx: index, hash })))
    .execute()
  return statements
}

async function readTail(tx: Tx) {
  const ends = await tx
    .selectFrom('ledger.entry')
    .select(['seq', 'id'])
    .where((row) =>
      row.or([
        row('seq', '=', 0),
        row(
          'seq',
          '=',
          row.selectFrom('ledger.entry').select((e) => e.fn.max('seq').as('last')),
        ),
      ]),
    )
    .orderBy('seq')
    .execute()
  const [opening] = ends
  const last = ends.at(-1)
  return {
    chain: opening === undefined ? '' : hexOfBytes(opening.id),
    prev: last === undefined ? '' : hexOfBytes(last.id),
    frontier: await frontierOf(tx, last === undefined ? 0 : last.seq + 1),
  }
}

function demandPlace({ type }: Own, seq: number): void {
  if (type !== 'ledger.open' && seq === 0)
    throw new LedgerError('not-open', 'The ledger has no first entry: set the desk up first.')
  if (type === 'ledger.open' && seq !== 0)
    throw new LedgerError('already-open', 'The ledger has its first entry already.')
}

function acceptance({ chain, id, seq, number }: Acceptance): Own {
  return { type: 'ledger.accept', of_chain: chain, of_id: id, of_seq: seq, number }
}

type Row = ReturnType<typeof rowOf> & { readonly seq: number; readonly id: Bytes }

function rowOf(head: LedgerHead, statement: Statement) {
  const accepts = head.type === 'ledger.accept'
  return {
    type: head.type,
    head: statement.head,
    sig: bytesOfHex(statement.sig),
    of_chain: accepts ? bytesOfHex(head.of_chain) : null,
    of_id: accepts ? bytesOfHex(head.of_id) : null,
    of_seq: accepts ? head.of_seq : null,
  }
}

function first(statements: readonly Statement[]): Statement {
  const [statement] = statements
  if (statement === undefined) throw new RangeError('an append without an entry')
  return statement
}
