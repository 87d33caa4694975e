import { type Bytes, DAY, HOUR, MINUTE, SECOND } from '#lexicon'
import { Refused } from '#seal'
import type { Kysely, Schema } from '#store'
import type { PostKeys } from './post-keys.ts'
import { type Attempt, ATTEMPT_WITHIN, type Relay } from './relay.ts'
import { openWaitingMail } from './waiting-mail.ts'

export type SendDeps = {
  /** The login of post. */
  readonly db: Kysely<Schema>
  readonly keys: PostKeys
  readonly relay: Relay
  readonly clock: () => number
  /** Ends the run after the mail that is on its way. */
  readonly stopping?: AbortSignal
  /** Told of each mail that the relay took: its kind. */
  readonly left?: (kind: string) => void
}

export type Sent = { readonly sent: number; readonly later: number; readonly dead: number }

/** After this nobody waits for a receipt any more, and the address goes. */
export const MAIL_LIVES = 5 * DAY

/**
 * Sends what is due, one after the other, until nothing is due or the relay is away. Each mail is claimed
 * before it is sent, so two processes never send one knowingly; who dies between the relay's answer and
 * our note of it has it sent again, under the same Message-ID.
 */
export async function sendWaiting(deps: SendDeps): Promise<Sent> {
  const count = { sent: 0, later: 0, dead: 0 }
  while (deps.stopping?.aborted !== true) {
    const mail = await claim(deps)
    if (mail === undefined) break
    const attempt = await tryToSend(deps, mail)
    await note(deps, mail, attempt)
    count[attempt.became] += 1
    if (attempt.became === 'sent') deps.left?.(mail.kind)
    if (attempt.away) break
  }
  return count
}

type Claimed = {
  readonly id: number
  readonly kind: string
  readonly about: Bytes
  readonly sealed: Bytes
  readonly tries: number
}

/** Longer than any attempt: else another process takes it while we are still sending. */
const CLAIM = 2 * ATTEMPT_WITHIN
const PAUSES = [
  5 * SECOND,
  20 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  20 * MINUTE,
  40 * MINUTE,
]
const LONGEST_PAUSE = HOUR

function pauseAfter(tries: number): number {
  return PAUSES[tries - 1] ?? LONGEST_PAUSE
}

function claim({ db, clock }: SendDeps): Promise<Claimed | undefined> {
  const now = clock()
  return db
    .updateTable('post.mail')
    .set((set) => ({ due: new Date(now + CLAIM), tries: set('tries', '+', 1) }))
    .where('id', '=', (one) =>
      one
        .selectFrom('post.mail')
        .select('id')
        .where('due', '<=', new Date(now))
        .where('written', '>', new Date(now - MAIL_LIVES))
        .orderBy('due')
        .limit(1)
        .forUpdate()
        .skipLocked(),
    )
    .returning(['id', 'kind', 'about', 'sealed', 'tries'])
    .executeTakeFirst()
}

async function tryToSend({ keys, relay }: SendDeps, mail: Claimed): Promise<Attempt> {
  try {
    return await relay.send(await openWaitingMail(keys.waiting, mail, mail.sealed))
  } catch (error) {
    // Sealed under another post.key: it may be put back within the mail's days.
    if (error instanceof Refused) return { became: 'later', answer: 'no-key', away: false }
    throw error
  }
}

/** Changes nothing when somebody else claimed it meanwhile. */
async function note({ db, clock }: SendDeps, { id, tries }: Claimed, attempt: Attempt) {
  const { became, answer } = attempt
  const now = clock()
  await db.transaction().execute(async (tx) => {
    const ours =
      became === 'sent'
        ? await tx
            .deleteFrom('post.mail')
            .where('id', '=', id)
            .where('tries', '=', tries)
            .returning('id')
            .executeTakeFirst()
        : await tx
            .updateTable('post.mail')
            .set({ due: became === 'dead' ? null : new Date(now + pauseAfter(tries)), answer })
            .where('id', '=', id)
            .where('tries', '=', tries)
            .returning('id')
            .executeTakeFirst()
    if (ours === undefined) return
    const state = became === 'later' ? 'waiting' : became
    await tx
      .updateTable('post.delivery')
      .set({ state, answer, at: new Date(now) })
      .where('mail', '=', id)
      .execute()
  })
}
