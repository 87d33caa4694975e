import { ACKNOWLEDGE_WITHIN, type Bytes, DAY } from '#lexicon'
import { type Kysely, type Schema, sql, type Transaction } from '#store'

/** Two of the seven days are left. */
export const WAITS_TOO_LONG = ACKNOWLEDGE_WITHIN - 2 * DAY

/** How many mails are held that this coordinator did not see, and how many of them wait too long since they were told. */
export type HeldNews = { readonly fresh: number; readonly late: number }

type Day = {
  readonly who: Bytes
  /** When they last looked at the queue. */
  readonly seen: number
  /** The time of day for digests that has passed. */
  readonly digest: number
}

/** What there is to tell at this digest; `undefined` for nothing, or where it was told. */
export async function heldFor(
  db: Kysely<Schema> | Transaction<Schema>,
  { who, seen, digest }: Day,
): Promise<HeldNews | undefined> {
  const before = await lastTold(db, who)
  if (before !== undefined && (before.waits || before.at >= digest)) return undefined
  const since = before?.at ?? digest - DAY
  const fresh = await held(db, Math.max(before?.at ?? 0, seen), digest)
  const late = await held(db, since - WAITS_TOO_LONG, digest - WAITS_TOO_LONG)
  return fresh + late === 0 ? undefined : { fresh, late }
}

/** False when another process was faster: whoever comes second waits for the first one's row. */
export async function noteHeld(tx: Transaction<Schema>, { who, digest }: Day): Promise<boolean> {
  const never = new Date(0)
  await tx
    .insertInto('post.told')
    .values({ who, at: never, upto: never })
    .onConflict((known) => known.doNothing())
    .execute()
  await tx.selectFrom('post.told').select('who').where('who', '=', who).forUpdate().execute()
  const before = await lastTold(tx, who)
  return before === undefined || (!before.waits && before.at < digest)
}

async function lastTold(db: Kysely<Schema> | Transaction<Schema>, who: Bytes) {
  const row = await db
    .selectFrom('post.delivery')
    .select(['at', 'state'])
    .where('about', '=', who)
    .where('kind', '=', 'held')
    .orderBy('mail', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && { at: row.at.getTime(), waits: row.state === 'waiting' }
}

/** So many as came in that time, and are held still. */
async function held(
  db: Kysely<Schema> | Transaction<Schema>,
  from: number,
  until: number,
): Promise<number> {
  const { count } = await db
    .selectFrom('desk.case')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('held', '<>', '')
    .where('state', 'in', ['open', 'waiting'])
    .where('received', '>=', new Date(from))
    .where('received', '<', new Date(until))
    .executeTakeFirstOrThrow()
  return count
}
