import type { CaseRow } from '#contract'
import {
  ACKNOWLEDGE_WITHIN,
  base64OfBytes,
  type Bytes,
  bytesOfHex,
  HELD_REASONS,
  type HeldReason,
  hexOfBytes,
  type Sort,
  timeOf,
} from '#lexicon'
import { type DirectoryState, isActive, isCoordinator, type Person } from '#seal'
import { sql } from '#store'
import { casesOf, inLane, type Lane, orderOf, RANK } from './case-lanes.ts'
import { heardBy, type Word } from './case-words.ts'
import type { DeskDeps, Party } from './desk-deps.ts'

export type CaseQuery = {
  readonly lane: Lane
  readonly sort?: Sort | undefined
  /** `next` of the page before, of the same lane. */
  readonly after?: string | undefined
  readonly limit: number
}

/**
 * One page of a lane of this member: first the cases whose acknowledgement is due, the longest waiting
 * first; of closed ones the last closed first. Rows are hints for routing; a client believes only the chain.
 */
export async function listCases(
  { db, directory }: Pick<DeskDeps, 'db' | 'directory'>,
  party: Party,
  { lane, sort, after, limit }: CaseQuery,
): Promise<{ cases: CaseRow[]; next?: string }> {
  const now = (await directory())?.now
  if (now === undefined || party.kind !== 'member' || !isActive(now, party.who))
    return { cases: [] }
  const behind = after === undefined ? sql<boolean>`true` : behindCursor(lane, after)
  if (behind === undefined) return { cases: [] }
  const coordinator = isCoordinator(now, party.who)
  const sorted = sort === undefined ? sql<boolean>`true` : sql<boolean>`c.sort = ${sort}`
  // The titles are joined to the page, not to the lane: else the plan may read all titles there are.
  const { rows } = await sql<Row>`
    select c.*, t.head, t.sig, l.bytes as label, array(
      select r.circle || '/' || r.epoch from desk.reader r
      where r.case_id = c.id and r.who = ${bytesOfHex(party.who)}
    ) as readable, exists (
      select from desk.claim k where k.case_id = c.id and k.who is not null and k.settled is null
    ) as claimed from (
      select c.id, c.number, c.source, c.received, c.state, c.sort, c.taken, c.acknowledged, c.closed,
        c.last_seq, c.title_seq, c.recent, c.asked_seq, c.held, ${RANK} as rank
      from ${casesOf(now, party.who)}
      where ${inLane(lane, now, party.who)} and ${sorted} and ${behind}
      order by ${orderOf(lane)} limit ${limit + 1}
    ) c
    left join desk.statement t on t.chain = c.id and t.seq = c.title_seq
    left join keys.label l on l.chain = c.id and l.seq = c.title_seq
    order by ${orderOf(lane)}`.execute(db)
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const cases = page.map((row) => caseRow(row, coordinator, heardOf(row, now, party.who)))
  return rows.length > limit && last !== undefined
    ? { cases, next: cursorOf(lane, last) }
    : { cases }
}

type Row = {
  readonly id: Bytes
  readonly number: string
  readonly source: string
  readonly received: Date
  readonly state: string
  readonly sort: string
  readonly taken: Bytes | null
  readonly acknowledged: Date | null
  readonly closed: Date | null
  readonly last_seq: number
  readonly head: string | null
  readonly sig: Bytes | null
  readonly label: Bytes | null
  readonly rank: number
  readonly recent: readonly Word[] | null
  readonly asked_seq: number | null
  readonly held: string
  readonly readable: readonly string[]
  readonly claimed: boolean
}

/** A case that the desk never moved holds its opening and nothing else. */
function heardOf({ recent, readable, source }: Row, now: DirectoryState, who: Person): number[] {
  if (recent !== null) return heardBy(now, who, recent, readable)
  return source === 'assessment' ? [] : [0]
}

function askedOf({ recent, asked_seq, source }: Row): number | null {
  return recent === null && source !== 'assessment' ? 0 : asked_seq
}

function isOpen(state: string): boolean {
  return state === 'open' || state === 'waiting'
}

function isReason(held: string): held is Exclude<HeldReason, ''> {
  return HELD_REASONS.some((reason) => reason === held)
}

function caseRow(row: Row, coordinator: boolean, heard: number[]): CaseRow {
  const { number, source, state, sort, taken, head, sig, label } = row
  const asked = askedOf(row)
  const owed = row.rank === 0 && isOpen(state)
  const titled = coordinator && head !== null && sig !== null && label !== null
  return {
    id: hexOfBytes(row.id),
    number,
    source,
    received: timeOf(row.received.getTime()),
    due: owed ? timeOf(row.received.getTime() + ACKNOWLEDGE_WITHIN) : '',
    state,
    sort,
    taken: taken === null ? '' : hexOfBytes(taken),
    acknowledged: row.acknowledged !== null,
    last: row.last_seq,
    heard,
    ...(asked !== null && { asked }),
    ...(isOpen(state) && isReason(row.held) && { held: row.held }),
    ...(coordinator && row.claimed && { claimed: true }),
    ...(titled && {
      title: { statement: { head, sig: hexOfBytes(sig) }, label: base64OfBytes(label) },
    }),
  }
}

/** `rank.received.id`, and `c.closed.id` in the lane of closed cases, whose order is another. */
function cursorOf(lane: Lane, { rank, received, closed, id }: Row): string {
  const [first, time] = lane === 'closed' ? ['c', closed ?? received] : [rank, received]
  return `${first}.${time.getTime()}.${hexOfBytes(id)}`
}

/** `undefined` for anything that is no cursor of this lane: such a page is empty. */
function behindCursor(lane: Lane, text: string) {
  const [, first, time, hex] = /^([01c])\.(\d{1,15})\.([0-9a-f]{64})$/.exec(text) ?? []
  if (first === undefined || time === undefined || hex === undefined) return undefined
  if ((first === 'c') !== (lane === 'closed')) return undefined
  const [at, id] = [new Date(Number(time)), bytesOfHex(hex)]
  if (lane === 'closed') return sql<boolean>`(c.closed, c.id) < (${at}, ${id})`
  return lane === 'new' || lane === 'held'
    ? sql<boolean>`(c.received, c.id) > (${at}, ${id})`
    : sql<boolean>`(${RANK}, c.received, c.id) > (${Number(first)}, ${at}, ${id})`
}
