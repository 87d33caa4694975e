import type { Bytes } from '#lexicon'
import type { Kysely, Schema } from '#store'

/** A mail that was not delivered, or not yet. Who it is for stands nowhere. */
export type QueuedMail = {
  readonly kind: string
  /** The case. */
  readonly about: Bytes
  readonly state: string
  readonly answer: string
  readonly at: Date
  /** When it was queued; for one that is erased, when it ended. */
  readonly written: Date
  /** Is the mail still there, sealed? */
  readonly kept: boolean
  readonly tries: number
  /** When it is tried next. */
  readonly due: Date | null
}

export type MailQueue = {
  /** How many there are of each state: waiting, sent, dead, expired. */
  readonly counts: Readonly<Record<string, number>>
  /** What is not sent, the newest first, at most so many as were asked for. */
  readonly mails: readonly QueuedMail[]
}

/** With the login of post. */
export async function readMailQueue(db: Kysely<Schema>, most = 200): Promise<MailQueue> {
  const counted = await db
    .selectFrom('post.delivery')
    .select((row) => ['state', row.fn.countAll<number>().as('count')])
    .groupBy('state')
    .execute()
  const mails = await db
    .selectFrom('post.delivery as d')
    .leftJoin('post.mail as m', 'm.id', 'd.mail')
    .select(['d.kind', 'd.about', 'd.state', 'd.answer', 'd.at', 'm.tries', 'm.due', 'm.written'])
    .where('d.state', '<>', 'sent')
    .orderBy('d.mail', 'desc')
    .limit(most)
    .execute()
  return {
    counts: Object.fromEntries(counted.map(({ state, count }) => [state, count])),
    mails: mails.map(({ tries, written, ...mail }) => ({
      ...mail,
      tries: tries ?? 0,
      written: written ?? mail.at,
      kept: written !== null,
    })),
  }
}
