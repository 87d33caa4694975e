import type { CaseRow } from '#contract'
import {
  ACKNOWLEDGE_WITHIN,
  base64OfBytes,
  type Bytes,
  bytesOfHex,
  hexOfBytes,
  timeOf,
} from '#lexicon'
import { isActive, isCoordinator } from '#seal'
import { sql } from '#store'
import type { DeskDeps, Party } from './desk-deps.ts'

export type CaseQuery = {
  readonly state: 'open' | 'all'
  /** `next` of the page before. */
  readonly after?: string | undefined
  readonly limit: number
}

const OPEN = ['open', 'waiting']

/**
 * The cases that this member takes part in, a coordinator all of them: first those whose acknowledgement
 * is due, the longest waiting first. Rows are hints for routing; a client believes only the chain.
 */
export async function listCases(
  { db, directory }: DeskDeps,
  party: Party,
  { state, after, limit }: CaseQuery,
): Promise<{ cases: CaseRow[]; next?: string }> {
  const now = (await directory())?.now
  if (now === undefined || party.kind !== 'member' || !isActive(now, party.who))
    return { cases: [] }
  const coordinator = isCoordinator(now, party.who)
  const rank = sql<number>`case when c.acknowledged is null and c.state in ('open', 'waiting') then 0 else 1 end`
  let query = db
    .selectFrom('desk.case as c')
    .leftJoin('desk.statement as t', (join) =>
      join.onRef('t.chain', '=', 'c.id').onRef('t.seq', '=', 'c.title_seq'),
    )
    .leftJoin('keys.label as l', (join) =>
      join.onRef('l.chain', '=', 'c.id').onRef('l.seq', '=', 'c.title_seq'),
    )
    .select(['c.id', 'c.number', 'c.source', 'c.received', 'c.state', 'c.sort', 'c.last_seq'])
    .select(['t.head', 't.sig', 'l.bytes as label'])
    .select(rank.as('rank'))
    .orderBy('rank')
    .orderBy('c.received')
    .orderBy('c.id')
    .limit(limit + 1)
  if (state === 'open') query = query.where('c.state', 'in', OPEN)
  if (!coordinator)
    query = query.where((row) =>
      row.exists(
        row
          .selectFrom('desk.reader as r')
          .select('r.who')
          .whereRef('r.case_id', '=', 'c.id')
          .where('r.who', '=', bytesOfHex(party.who)),
      ),
    )
  const place = after === undefined ? undefined : readCursor(after)
  if (after !== undefined && place === undefined) return { cases: [] }
  if (place !== undefined) {
    const { rank: least, received, id } = place
    query = query.where(sql<boolean>`(${rank}, c.received, c.id) > (${least}, ${received}, ${id})`)
  }
  const rows = await query.execute()
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const cases = page.map((row) => caseRow(row, coordinator))
  return rows.length > limit && last !== undefined ? { cases, next: cursorOf(last) } : { cases }
}

type Row = {
  readonly id: Bytes
  readonly number: string
  readonly source: string
  readonly received: Date
  readonly state: string
  readonly sort: string
  readonly last_seq: number
  readonly head: string | null
  readonly sig: Bytes | null
  readonly label: Bytes | null
  readonly rank: number
}

function caseRow(row: Row, coordinator: boolean): CaseRow {
  const { number, source, state, sort, head, sig, label } = row
  const due = row.rank === 0 ? timeOf(row.received.getTime() + ACKNOWLEDGE_WITHIN) : ''
  const titled = coordinator && head !== null && sig !== null && label !== null
  return {
    id: hexOfBytes(row.id),
    number,
    source,
    received: timeOf(row.received.getTime()),
    due,
    state,
    sort,
    last: row.last_seq,
    ...(titled && {
      title: { statement: { head, sig: hexOfBytes(sig) }, label: base64OfBytes(label) },
    }),
  }
}

function cursorOf({ rank, received, id }: Row): string {
  return `${rank}.${received.getTime()}.${hexOfBytes(id)}`
}

/** `undefined` for anything that is no cursor of ours: such a page is empty. */
function readCursor(text: string) {
  const [, rank, received, id] = /^([01])\.(\d{1,15})\.([0-9a-f]{64})$/.exec(text) ?? []
  if (rank === undefined || received === undefined || id === undefined) return undefined
  return { rank: Number(rank), received: new Date(Number(received)), id: bytesOfHex(id) }
}
