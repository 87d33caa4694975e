import {
  type Bytes,
  DAY,
  hexOfBytes,
  HOUR,
  mailboxOf,
  MINUTE,
  type NoticeWish,
  SECOND,
} from '#lexicon'
import { type DirectoryState, hmacSha256, isActive, isCoordinator } from '#seal'
import type { Kysely, Schema, Transaction } from '#store'
import { heldFor, noteHeld, WAITS_TOO_LONG } from './held-news.ts'
import { writeHeldNotice, writeNotice } from './notice-mail.ts'
import type { PostKeys } from './post-keys.ts'
import { queueMail } from './queue-mail.ts'
import type { ThreadKey } from './thread-address.ts'
import type { Letterhead } from './write-letter.ts'

export type TellDeps = {
  /** The login of post. */
  readonly db: Kysely<Schema>
  readonly keys: PostKeys
  readonly threads: ThreadKey
  readonly messageIds: Bytes
  readonly letterhead: Letterhead
  /** The desk's addresses: a notice to one of them would come in as a report, which is told again. */
  readonly own: readonly string[]
  /** Who is a member, by the newest directory. */
  readonly state: DirectoryState
  readonly clock: () => number
}

/** Whoever sits at the desk sees a change by then, and is not told of it. */
const GRACE = 2 * MINUTE
const OFTENEST = HOUR
/** The digest, UTC. */
const DIGEST = 7 * HOUR
const NOTICES_KEPT = 30 * DAY

/**
 * Queues a notice for each member for whom something changed: by somebody else, in a case that they may
 * read, since they last looked and were last told. May run twice at once: each is told by one of the two.
 * Returns how many are told.
 */
export async function tellMembers(deps: TellDeps): Promise<number> {
  const members = await readMembers(deps)
  let told = 0
  for (const member of members) {
    if (await tell(deps, member)) told += 1
    if (member.coordinator && (await tellHeld(deps, member))) told += 1
  }
  return told
}

/** What became of notices is of no use after a month, and would say who looks at the desk when. */
export async function sweepNotices(db: Kysely<Schema>, now: number): Promise<void> {
  await db
    .deleteFrom('post.delivery')
    .where('kind', 'in', ['change', 'held'])
    .where('state', '<>', 'waiting')
    .where('at', '<', new Date(now - NOTICES_KEPT))
    .execute()
  await db
    .deleteFrom('post.told')
    .where((row) =>
      row.not(
        row.exists(
          row
            .selectFrom('identity.address')
            .select('who')
            .whereRef('identity.address.who', '=', 'post.told.who'),
        ),
      ),
    )
    .execute()
  await db
    .deleteFrom('post.warned')
    .where((row) =>
      row.or([
        row.not(
          row.exists(
            row
              .selectFrom('identity.address as a')
              .select('a.who')
              .whereRef('a.who', '=', 'post.warned.who'),
          ),
        ),
        row.exists(
          row
            .selectFrom('desk.case as c')
            .select('c.id')
            .whereRef('c.id', '=', 'post.warned.about')
            .where('c.acknowledged', 'is not', null),
        ),
      ]),
    )
    .execute()
}

type Member = {
  readonly who: Bytes
  readonly address: string
  readonly wish: Exclude<NoticeWish, 'mute'>
  readonly coordinator: boolean
  /** When they last looked at the queue; milliseconds. */
  readonly seen: number
  /** From here on nothing was seen or told. */
  readonly since: Date
  readonly at: Date | null
}

/** Those who want notices, with an active key. An address of the desk's own is nobody's. */
async function readMembers({ db, own, state }: TellDeps): Promise<Member[]> {
  const rows = await db
    .selectFrom('identity.address as a')
    .leftJoin('post.told as t', 't.who', 'a.who')
    .select(['a.who', 'a.address', 'a.notices', 'a.noted', 'a.looked', 't.at', 't.upto'])
    .where('a.notices', '<>', 'mute')
    .execute()
  const ours = new Set(own.map(mailboxOf))
  return rows.flatMap(({ who, address, notices, noted, looked, upto, ...told }) => {
    if (notices === 'mute' || ours.has(mailboxOf(address))) return []
    const name = hexOfBytes(who)
    if (!isActive(state, name)) return []
    // The ledger counts whole seconds: of what came in the second of a look nobody knows whether it was seen.
    const seen = Math.max(wholeSeconds(looked.getTime()), wholeSeconds(noted.getTime()))
    const since = new Date(Math.max(seen, upto?.getTime() ?? 0))
    const coordinator = isCoordinator(state, name)
    return [{ who, address, wish: notices, coordinator, seen, since, ...told }]
  })
}

async function tell(deps: TellDeps, member: Member): Promise<boolean> {
  const { db, clock } = deps
  const now = clock()
  const { who, since, at, wish } = member
  if (at !== null && at.getTime() > now - OFTENEST) return false
  const until = new Date(
    wholeSeconds(Math.min(now - GRACE, wish === 'daily' ? digestAt(now) : now)),
  )
  const changed = await hasChanged(db, member, until)
  const waits = await hasWaited(db, member, now)
  if ((!changed && !waits) || (await isOnItsWay(db, who))) return false
  const { letterhead } = deps
  const messageId = noticeIdOf(deps.messageIds, `notice ${hexOfBytes(who)} ${now}`, letterhead.from)
  const to = member.address
  const raw = await writeNotice({ letterhead, to, changed, waits, wish, now, messageId })
  return db.transaction().execute(async (tx) => {
    const upto = changed ? until : since
    if (!(await note(tx, member, { now, upto, waits }))) return false
    await queueMail(tx, deps, { kind: 'change', about: who }, { to, raw, bounces: false }, now)
    return true
  })
}

/** Once a day at most, whatever the member wishes: held mail is mostly nobody's. */
async function tellHeld(deps: TellDeps, { who, address: to, seen }: Member): Promise<boolean> {
  const { db, clock, letterhead, messageIds } = deps
  const now = clock()
  const day = { who, seen, digest: digestAt(now) }
  const news = await heldFor(db, day)
  if (news === undefined) return false
  const messageId = noticeIdOf(messageIds, `held ${hexOfBytes(who)} ${day.digest}`, letterhead.from)
  const raw = await writeHeldNotice({ ...news, letterhead, to, now, messageId })
  return db.transaction().execute(async (tx) => {
    if (!(await noteHeld(tx, day))) return false
    await queueMail(tx, deps, { kind: 'held', about: who }, { to, raw, bounces: false }, now)
    return true
  })
}

const OF_CASES = ['report-received', 'case-changed']

/**
 * That somebody asks for lost keys concerns the coordinators, who release them, and the one whose keys they
 * are: it may be a thief of their paper, so it is nobody's own act.
 */
async function hasChanged(
  db: Kysely<Schema>,
  { who, since, coordinator }: Member,
  until: Date,
): Promise<boolean> {
  const row = await db
    .selectFrom('post.outbox as o')
    .select('o.id')
    .where('o.written', '>=', since)
    .where('o.written', '<', until)
    .where((o) => o.or([o('o.author', 'is', null), o('o.author', '<>', who)]))
    // Held mail is nobody's news, nor is that somebody binned it.
    .where((o) => {
      const held = o
        .selectFrom('desk.case as c')
        .select('c.id')
        .whereRef('c.id', '=', 'o.about')
        .where('c.held', '<>', '')
      return o.not(o.exists(held))
    })
    .where((o) => {
      if (coordinator) return o('o.kind', 'in', [...OF_CASES, 'case-claimed', 'recovery'])
      const reads = o
        .selectFrom('desk.reader as r')
        .select('r.who')
        .whereRef('r.case_id', '=', 'o.about')
        .where('r.who', '=', who)
      return o.or([
        o.and([o('o.kind', 'in', OF_CASES), o.exists(reads)]),
        o.and([o('o.kind', '=', 'recovery'), o('o.about', '=', who)]),
      ])
    })
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

async function hasWaited(
  db: Kysely<Schema>,
  { who, coordinator }: Member,
  now: number,
): Promise<boolean> {
  return coordinator && (await waitingFor(db, who, now).limit(1).executeTakeFirst()) !== undefined
}

/**
 * Reports that nobody acknowledged and of which this coordinator was not warned. When they came decides
 * nothing more: who frees a held one does so when others of its day were told of. An assessment owes nobody
 * an answer.
 */
function waitingFor(db: Kysely<Schema>, who: Bytes, now: number) {
  return db
    .selectFrom('desk.case as c')
    .select('c.id')
    .where('c.received', '<=', new Date(now - WAITS_TOO_LONG))
    .where('c.acknowledged', 'is', null)
    .where('c.source', 'not in', ['assessment', 'import'])
    .where('c.state', 'in', ['open', 'waiting'])
    .where('c.held', '=', '')
    .where((row) =>
      row.not(
        row.exists(
          row
            .selectFrom('post.warned as w')
            .select('w.who')
            .where('w.who', '=', who)
            .whereRef('w.about', '=', 'c.id'),
        ),
      ),
    )
}

/** While one waits to be sent, a second one would say nothing new. */
async function isOnItsWay(db: Kysely<Schema>, who: Bytes): Promise<boolean> {
  const row = await db
    .selectFrom('post.delivery')
    .select('mail')
    .where('about', '=', who)
    .where('kind', '=', 'change')
    .where('state', '=', 'waiting')
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** False when another process was faster. */
async function note(
  tx: Transaction<Schema>,
  { who }: Member,
  { now, upto, waits }: { readonly now: number; readonly upto: Date; readonly waits: boolean },
): Promise<boolean> {
  const told = { at: new Date(now), upto }
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('post.told')
    .values({ who, ...told })
    .onConflict((known) =>
      known
        .column('who')
        .doUpdateSet(told)
        .where('post.told.at', '<=', new Date(now - OFTENEST)),
    )
    .executeTakeFirst()
  if (numInsertedOrUpdatedRows !== 1n) return false
  const late = waits ? await waitingFor(tx, who, now).execute() : []
  if (late.length > 0)
    await tx
      .insertInto('post.warned')
      .values(late.map(({ id }) => ({ who, about: id })))
      .execute()
  return true
}

/**
 * Of another form than the Message-ID of a mail of a case: an answer to a notice is no answer to a case, and
 * must not look like one that was forged.
 */
function noticeIdOf(key: Bytes, notice: string, from: string): string {
  const mark = hexOfBytes(hmacSha256(key, notice)).slice(0, 32)
  return `<notice.${mark}@${from.slice(from.lastIndexOf('@') + 1)}>`
}

function wholeSeconds(milliseconds: number): number {
  return milliseconds - (milliseconds % SECOND)
}

/** The last time of day for digests that has passed. */
function digestAt(now: number): number {
  return now - ((now - DIGEST) % DAY)
}
