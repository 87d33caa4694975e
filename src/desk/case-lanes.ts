import { bytesOfHex } from '#lexicon'
import { type DirectoryState, isCoordinator, memberOf, type Person } from '#seal'
import { sql } from '#store'

/** A lane of the queue. `held` is mail that looks like nobody's, and stands in no other. `all` is what is open, `new` what waits for its acknowledgement, `mine` what the caller took. */
export type Lane = 'all' | 'new' | 'mine' | 'waiting' | 'closed' | 'held'

/** 0 while an acknowledgement is owed. Spelled as in the indexes of 0003-lanes.sql, or they are of no use. */
export const RANK = sql<number>`(case when c.acknowledged is null and c.source <> 'assessment' then 0 else 1 end)`

const OPEN = sql<boolean>`c.state in ('open', 'waiting') and c.held = ''`

/** The rows of a lane, of `desk."case" c`. */
export function inLane(lane: Lane, state: DirectoryState, who: Person) {
  switch (lane) {
    case 'all':
      return OPEN
    case 'new':
      return sql<boolean>`${OPEN} and c.acknowledged is null and c.source <> 'assessment'`
    case 'mine':
      return sql<boolean>`${OPEN} and c.taken is not null and ${takenBy(state, who)}`
    case 'waiting':
      return sql<boolean>`c.state = 'waiting' and c.held = ''`
    case 'closed':
      return sql<boolean>`c.state in ('closed', 'archived')`
    case 'held':
      return sql<boolean>`c.state in ('open', 'waiting') and c.held <> ''`
  }
}

/** The order of a lane: what is due first; of closed cases the last closed. Without it no index would be walked. */
export function orderOf(lane: Lane) {
  if (lane === 'closed') return sql`c.closed desc, c.id desc`
  return lane === 'new' || lane === 'held' ? sql`c.received, c.id` : sql`${RANK}, c.received, c.id`
}

/**
 * What this member takes part in, as `c`: a coordinator in every case. Others are looked up by their own
 * few cases first, for a walk along a lane of the whole desk might find none of theirs.
 */
export function casesOf(state: DirectoryState, who: Person) {
  if (isCoordinator(state, who)) return sql`desk."case" c`
  const own = sql`select distinct r.case_id from desk.reader r where r.who = ${bytesOfHex(who)} offset 0`
  // `offset 0` keeps the planner from turning this round.
  return sql`(${own}) own cross join lateral
    (select * from desk."case" k where k.id = own.case_id offset 0) c`
}

/** Also under a key that they rotated from since. */
function takenBy(state: DirectoryState, who: Person) {
  const [first, ...earlier] = [who, ...(memberOf(state, who)?.earlier ?? [])].map(bytesOfHex)
  if (earlier.length === 0) return sql<boolean>`c.taken = ${first}`
  return sql<boolean>`c.taken in (${sql.join([first, ...earlier])})`
}
