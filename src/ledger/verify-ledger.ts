import { bytesOfHex, hexOfBytes, sameBytes } from '#lexicon'
import {
  type Checked,
  type Checkpoint,
  checkStatement,
  type Directory,
  leafHash,
  type LedgerHead,
  type Place,
  Refused,
  rootOfCover,
  statementId,
} from '#seal'
import type { Kysely, Schema } from '#store'
import { LedgerError } from './ledger-error.ts'
import { EMPTY_FRONTIER, type Frontier, growTree, type HashedNode } from './tree-growth.ts'

const PAGE = 1024

/**
 * Walks the whole ledger: form, links and signatures by the server key of that time, columns as in the
 * signed text, one acceptance per place and in order, and every node of the tree. Throws `LedgerError`
 * broken, which names the first entry that does not verify. Returns the size and root that it proved.
 */
export async function verifyLedger(
  db: Kysely<Schema>,
  { directory }: { readonly directory: Directory },
): Promise<Checkpoint> {
  const walk: Walk = { directory, chain: '', last: undefined, dirSeq: 0, nextOf: new Map() }
  let frontier: Frontier = EMPTY_FRONTIER
  for (;;) {
    const rows = await readPage(db, frontier.size)
    const nodes = await readStoredNodes(db, frontier.size)
    for (const row of rows) {
      const entry = frontier.size
      if (row.seq !== entry) throw broken(entry, 'is missing')
      const { id, head } = await checkEntry(row, entry, walk)
      const { frontier: next, grown } = growTree(frontier, leafHash(bytesOfHex(id)))
      demandNodes(nodes, grown, entry)
      walk.chain = head.seq === 0 ? id : walk.chain
      walk.last = { id, seq: entry }
      frontier = next
    }
    if (rows.length < PAGE) break
  }
  await demandEnd(db, frontier.size)
  const accepted = walk.nextOf.get(directory.desk) ?? 0
  if (accepted !== directory.head.seq + 1)
    throw broken(frontier.size, 'is missing: the desk chain is longer than what was accepted of it')
  return { size: frontier.size, root: rootOfCover(frontier.nodes.map((node) => node.hash)) }
}

type Walk = {
  readonly directory: Directory
  chain: string
  last: Place | undefined
  dirSeq: number
  /** For each chain the place that its next acceptance must name: two for one place prove a fork. */
  readonly nextOf: Map<string, number>
}

type Row = Awaited<ReturnType<typeof readPage>>[number]

function readPage(db: Kysely<Schema>, from: number) {
  return db
    .selectFrom('ledger.entry')
    .selectAll()
    .where('seq', '>=', from)
    .orderBy('seq')
    .limit(PAGE)
    .execute()
}

async function checkEntry(row: Row, entry: number, walk: Walk): Promise<Checked<LedgerHead>> {
  const statement = { head: row.head, sig: hexOfBytes(row.sig) }
  const id = statementId(statement.head)
  if (id !== hexOfBytes(row.id)) throw broken(entry, 'is not the text of its id')
  const pin = { desk: walk.directory.desk, chain: entry === 0 ? id : walk.chain }
  let checked
  try {
    checked = await checkStatement(statement, 'ledger', pin, walk.last)
  } catch (cause) {
    if (!(cause instanceof Refused)) throw cause
    throw broken(entry, `fails check ${cause.code}: ${cause.message}`, cause)
  }
  demandColumns(row, checked.head, entry)
  const state = walk.directory.after.get(checked.head.dir)
  if (state === undefined) throw broken(entry, 'names a directory state that is not there')
  if (state.seq < walk.dirSeq) throw broken(entry, 'names an older directory state')
  if (checked.head.by !== state.server) throw broken(entry, 'is not signed by the server')
  walk.dirSeq = state.seq
  if (checked.head.type === 'ledger.accept') demandOrder(checked.head, entry, walk)
  return checked
}

function demandColumns(row: Row, head: LedgerHead, entry: number): void {
  const accepts = head.type === 'ledger.accept'
  const same =
    row.type === head.type &&
    (row.of_chain === null ? !accepts : accepts && hexOfBytes(row.of_chain) === head.of_chain) &&
    (row.of_id === null ? !accepts : accepts && hexOfBytes(row.of_id) === head.of_id) &&
    row.of_seq === (accepts ? head.of_seq : null)
  if (!same) throw broken(entry, 'is indexed as something else than its signed text says')
}

function demandOrder(
  head: Extract<LedgerHead, { type: 'ledger.accept' }>,
  entry: number,
  { directory, nextOf }: Walk,
): void {
  const next = nextOf.get(head.of_chain) ?? 0
  if (head.of_seq !== next)
    throw broken(entry, `accepts place ${head.of_seq} where ${next} is next`)
  const ofDesk = head.of_chain === directory.desk
  if (ofDesk && directory.after.get(head.of_id)?.seq !== head.of_seq)
    throw broken(entry, 'accepts a statement that is not in this place of the desk chain')
  const numbered = head.of_seq === 0 && !ofDesk
  if (numbered !== (head.number !== '')) throw broken(entry, 'has no case number, or one too many')
  nextOf.set(head.of_chain, next + 1)
}

/** The stored nodes that the entries of this page complete. `from` is a multiple of the page. */
async function readStoredNodes(db: Kysely<Schema>, from: number): Promise<Map<string, HashedNode>> {
  const levels = Array.from({ length: 48 }, (_, level) => level)
  const rows = await db
    .selectFrom('ledger.node')
    .selectAll()
    .where((row) =>
      row.or(
        levels.map((level) => {
          const width = 2 ** level
          // The last leaf of node `index` is (index + 1) · width − 1.
          const least = Math.ceil((from + 1) / width) - 1
          const beyond = Math.ceil((from + PAGE + 1) / width) - 1
          return row.and([
            row('level', '=', level),
            row('idx', '>=', least),
            row('idx', '<', beyond),
          ])
        }),
      ),
    )
    .execute()
  return new Map(
    rows.map(({ level, idx, hash }) => [`${level}/${idx}`, { level, index: idx, hash }]),
  )
}

function demandNodes(
  stored: Map<string, HashedNode>,
  grown: readonly HashedNode[],
  entry: number,
): void {
  for (const { level, index, hash } of grown) {
    const found = stored.get(`${level}/${index}`)
    if (found === undefined || !sameBytes(found.hash, hash))
      throw broken(entry, `does not fit the tree: node ${index} of level ${level} is another`)
  }
}

/** Nodes without their entries tell that the end was cut off. */
async function demandEnd(db: Kysely<Schema>, size: number): Promise<void> {
  const beyond = await db
    .selectFrom('ledger.node')
    .select('level')
    .where((row) =>
      row.or(
        Array.from({ length: 48 }, (_, level) =>
          row.and([row('level', '=', level), row('idx', '>=', Math.floor(size / 2 ** level))]),
        ),
      ),
    )
    .limit(1)
    .executeTakeFirst()
  if (beyond !== undefined) throw broken(size, 'is missing: the tree has more entries')
}

function broken(entry: number, what: string, cause?: unknown): LedgerError {
  return new LedgerError('broken', `Ledger entry ${entry} ${what}.`, { cause, entry })
}
