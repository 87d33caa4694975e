import { type Bytes, bytesOfHex, type LedgerEvent, timeOf } from '#lexicon'
import {
  type HeadOf,
  leafHash,
  type LedgerHead,
  type Signer,
  signStatement,
  type Statement,
  statementId,
} from '#seal'
import { type RawBuilder, type Schema, sql, type Transaction } from '#store'
import { LedgerError } from './ledger-error.ts'
import { type LedgerTail, lockQuestion, tailOf, tailQuestion, type TailRow } from './ledger-tail.ts'
import { growTree, type HashedNode } from './tree-growth.ts'

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
  readonly accept: (tx: Tx, what: Entering) => Promise<Statement[]>
  readonly event: (tx: Tx, what: EntryPlace & LedgerNote) => Promise<Statement>
  /** The same in two halves, for whoever asks several things at once. */
  readonly halves: LedgerHalves
}

type Entering = EntryPlace & {
  readonly of: readonly Acceptance[]
  readonly notes?: readonly LedgerNote[]
}

export type LedgerHalves = {
  /** Takes the lock; then what is asked behind it holds to the end of the transaction. */
  readonly lock: () => RawBuilder<unknown>
  /** Asked behind the lock, in the same transaction, or two entries get one place. */
  readonly tail: () => RawBuilder<TailRow>
  /** The receipts count when `rows` is written in that transaction. */
  readonly accept: (
    tail: readonly TailRow[],
    what: Entering,
  ) => Promise<{ readonly receipts: readonly Statement[]; readonly rows: RawBuilder<unknown> }>
}

/** `signer` holds the server's key. */
export function openLedgerWriter(deps: {
  readonly signer: Signer
  readonly clock: () => number
}): LedgerWriter {
  const grow = (tail: LedgerTail, { desk, dir }: EntryPlace, entries: readonly Own[]) =>
    grown(tail, deps.signer, entries, { desk, dir, at: timeOf(deps.clock()) })
  const write = async (tx: Tx, place: EntryPlace, entries: readonly Own[]) => {
    if (entries.length === 0) return []
    await lock(tx)
    const { rows: tail } = await tailQuestion().execute(tx)
    const { statements, rows } = await grow(tailOf(tail), place, entries)
    await rows.execute(tx)
    return statements
  }
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
    halves: {
      lock: lockQuestion,
      tail: tailQuestion,
      accept: async (tail, { of, notes = [], ...place }) => {
        const own = [...of.map(acceptance), ...notes.map(note)]
        const { statements, rows } = await grow(tailOf(tail), place, own)
        return { receipts: statements.slice(0, of.length), rows }
      },
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
  await lockQuestion().execute(tx)
  locked.add(tx)
}

/** The entries behind this tail, signed, and what writes them. */
async function grown(
  tail: LedgerTail,
  signer: Signer,
  entries: readonly Own[],
  common: EntryPlace & { readonly at: string },
) {
  let { chain, prev, frontier } = tail
  const rows: Row[] = []
  const nodes: HashedNode[] = []
  const statements: Statement[] = []
  for (const own of entries) {
    demandPlace(own, frontier.size)
    const seq = frontier.size
    const head: LedgerHead = { v: 1, ...common, chain, seq, prev, by: signer.who, log: '', ...own }
    const statement = await signStatement(signer, head)
    const id = statementId(statement.head)
    const { frontier: next, grown: more } = growTree(frontier, leafHash(bytesOfHex(id)))
    rows.push({ seq, id: bytesOfHex(id), ...rowOf(head, statement) })
    nodes.push(...more)
    statements.push(statement)
    if (chain === '') chain = id
    prev = id
    frontier = next
  }
  return { statements, rows: writing(rows, nodes) }
}

/** One text for any number of them: it is prepared once. */
function writing(rows: readonly Row[], nodes: readonly HashedNode[]): RawBuilder<unknown> {
  const column = <K extends keyof Row>(name: K) => rows.map((row) => row[name])
  return sql`
    with entered as (
      insert into ledger.entry (seq, id, type, head, sig, of_chain, of_id, of_seq)
      select * from unnest(
        ${column('seq')}::bigint[], ${column('id')}::bytea[], ${column('type')}::text[],
        ${column('head')}::text[], ${column('sig')}::bytea[], ${column('of_chain')}::bytea[],
        ${column('of_id')}::bytea[], ${column('of_seq')}::integer[]))
    insert into ledger.node (level, idx, hash)
    select * from unnest(
      ${nodes.map(({ level }) => level)}::smallint[], ${nodes.map(({ index }) => index)}::bigint[],
      ${nodes.map(({ hash }) => hash)}::bytea[])`
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
