import type { Bytes } from '#lexicon'
import type { Schema, Transaction } from '#store'
import type { PostKeys } from './post-keys.ts'
import { type MailKind, sealWaitingMail, type WaitingMail } from './waiting-mail.ts'

/** Puts a mail into the queue, due at once. `now` in milliseconds. */
export async function queueMail(
  tx: Transaction<Schema>,
  keys: PostKeys,
  place: { readonly kind: MailKind; readonly about: Bytes },
  mail: WaitingMail,
  now: number,
): Promise<void> {
  const written = new Date(now)
  const sealed = await sealWaitingMail(keys.waiting, place, mail)
  const { mail: id } = await tx
    .insertInto('post.delivery')
    .values({ ...place, state: 'waiting', at: written })
    .returning('mail')
    .executeTakeFirstOrThrow()
  await tx
    .insertInto('post.mail')
    .values({ id, ...place, sealed, written, due: written })
    .execute()
}
