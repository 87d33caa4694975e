import { bytesOfHex } from '#lexicon'
import { type DirectoryState, isCoordinator, memberOf, type Person } from '#seal'
import { sql } from '#store'

/*
 * Who spoke last in a case, from heads alone: the server sees types, authors, circles and order, and no word.
 * Asked for the rows of one page; `c` is the row.
 */

/** More are not counted: the reader learns that it is many. */
const MOST = 10

const MESSAGES = sql`('case.open', 'case.message', 'case.mail', 'case.handoff')`

/** Places of the newest messages of others that this member can read, since they wrote themself. */
export function heardBy(state: DirectoryState, who: Person) {
  const own = [who, ...(memberOf(state, who)?.earlier ?? [])]
  const readable = isCoordinator(state, who)
    ? sql<boolean>`true`
    : sql<boolean>`exists (select 1 from desk.reader r where r.case_id = c.id
        and r.who = ${bytesOfHex(who)} and r.circle || '/' || r.epoch = s.head::json->>'to')`
  return sql<number[]>`array(select s.seq from desk.statement s
    where s.chain = c.id and s.type in ${MESSAGES}
      and s.head::json->>'by' not in (${sql.join(own)}) and ${readable}
      and s.seq > coalesce((select max(m.seq) from desk.statement m
        where m.chain = c.id and m.type = 'case.message' and m.head::json->>'by' in (${sql.join(own)})), -1)
    order by s.seq desc limit ${MOST})`
}

/**
 * The newest message of the general thread, where whoever opened the case wrote it; null where the desk
 * answered since, or set the case to waiting.
 */
export const ASKED = sql<number | null>`(select case
    when c.source <> 'assessment' and w.type <> 'case.state' and (w.type in ('case.open', 'case.mail')
      or w.head::json->>'by' = (select o.head::json->>'by' from desk.statement o where o.chain = c.id and o.seq = 0))
    then w.seq end
  from (select s.seq, s.type, s.head from desk.statement s
    where s.chain = c.id and (s.type in ('case.open', 'case.mail')
      or (s.type = 'case.message' and s.head::json->>'to' like 'all/%')
      or (s.type = 'case.state' and s.head::json->>'state' = 'waiting' and s.head::json->>'project' = ''))
    order by s.seq desc limit 1) w)`
