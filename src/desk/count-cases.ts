import { isActive } from '#seal'
import { type RawBuilder, sql } from '#store'
import { casesOf, inLane, type Lane, orderOf } from './case-lanes.ts'
import type { DeskDeps, Party } from './desk-deps.ts'

export type LaneCounts = Readonly<Record<Lane, number>>

/** More is not counted: the reader learns that it is many. */
const MOST = 1000

/** How many cases of this member stand in each lane, `1000` for that many or more. Hints, as the rows are. */
export async function countCases(
  { db, directory }: Pick<DeskDeps, 'db' | 'directory'>,
  party: Party,
): Promise<LaneCounts> {
  const now = (await directory())?.now
  if (now === undefined || party.kind !== 'member' || !isActive(now, party.who))
    return { all: 0, new: 0, mine: 0, waiting: 0, closed: 0, held: 0 }
  const count = (lane: Lane): RawBuilder<number> =>
    sql`(select count(*)::int from (select 1 from ${casesOf(now, party.who)}
      where ${inLane(lane, now, party.who)} order by ${orderOf(lane)} limit ${MOST}) counted)`
  const { rows } = await sql<LaneCounts>`select ${count('all')} as all, ${count('new')} as new,
    ${count('mine')} as mine, ${count('waiting')} as waiting, ${count('closed')} as closed, ${count('held')} as held`.execute(
    db,
  )
  const [counts] = rows
  if (counts === undefined) throw new RangeError('a count without a row')
  return counts
}
