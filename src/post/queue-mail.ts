import { type Bytes, headerValues, readMailHeaders } from '#lexicon'
import type { Schema, Transaction } from '#store'
import type { PostKeys } from './post-keys.ts'
import {
  bounceAddress,
  replyAddress,
  type ThreadKey,
  threadMark,
  tokenIn,
} from './thread-address.ts'
import { type MailKind, sealWaitingMail } from './waiting-mail.ts'

export type QueueDeps = { readonly keys: PostKeys; readonly threads: ThreadKey }

export type OutgoingMail = {
  readonly to: string
  /** The whole mail as it goes out, with a Message-ID. */
  readonly raw: Bytes
  /** May it come back to us? False for what a program answers: it has the null sender, to whom nobody answers. */
  readonly bounces: boolean
}

/**
 * Puts a mail into the queue, due at once, and writes down what an answer to it will be known by: every
 * kind of mail goes this way. `now` in milliseconds. Returns its number.
 */
export async function queueMail(
  tx: Transaction<Schema>,
  { keys, threads }: QueueDeps,
  place: {
    readonly kind: MailKind
    readonly about: Bytes
    /** The message that it leaves with. */
    readonly statement?: Bytes
  },
  { to, raw, bounces }: OutgoingMail,
  now: number,
): Promise<number> {
  const written = new Date(now)
  const { about } = place
  const { mail } = await tx
    .insertInto('post.delivery')
    .values({ ...place, state: 'waiting', at: written })
    .returning('mail')
    .executeTakeFirstOrThrow()
  const from = bounces ? bounceAddress(threads, about, mail) : ''
  const sealed = await sealWaitingMail(keys.waiting, place, { from, to, raw })
  await tx
    .insertInto('post.mail')
    .values({ id: mail, kind: place.kind, about, sealed, written, due: written })
    .execute()
  // A notice belongs to no case: an answer to it is a report of its own.
  if (place.kind === 'change' || place.kind === 'held') return mail
  const row = (word: string, one: number | null) => ({
    mark: threadMark(threads, word),
    about,
    mail: one,
  })
  const rows = [
    tokenIn(replyAddress(threads, about)),
    ...headerValues(readMailHeaders(raw), 'message-id'),
  ]
    .filter((word) => word !== undefined)
    .map((word) => row(word, null))
  const bounce = tokenIn(from)
  if (bounce !== undefined) rows.push(row(bounce, mail))
  await tx
    .insertInto('intake.thread')
    .values(rows)
    // Of a case the token is always the same.
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return mail
}
