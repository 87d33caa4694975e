import { type Bytes, hexOfBytes, timeOf } from '#lexicon'
import type { Kysely, Schema } from '#store'

/** What became of a mail of a case. */
export type DeliverySeen = {
  readonly kind: string
  readonly state: string
  readonly at: string
  readonly answer: string
  /** The message that it left with, hex; `""` for a receipt. */
  readonly statement: string
  /** When it is tried again; `""` when it is not. */
  readonly next: string
}

const MOST = 500

/** The newest mails of a case, in the order in which they were queued. With the login of post. */
export async function deliveriesOf(db: Kysely<Schema>, about: Bytes): Promise<DeliverySeen[]> {
  const rows = await db
    .selectFrom('post.delivery as d')
    .leftJoin('post.mail as m', 'm.id', 'd.mail')
    .select(['d.kind', 'd.state', 'd.at', 'd.answer', 'd.statement', 'm.due'])
    .where('d.about', '=', about)
    .orderBy('d.mail', 'desc')
    .limit(MOST)
    .execute()
  return rows.toReversed().map(({ kind, state, at, answer, statement, due }) => ({
    kind,
    state,
    at: timeOf(at.getTime()),
    answer,
    statement: statement === null ? '' : hexOfBytes(statement),
    next: due === null ? '' : timeOf(due.getTime()),
  }))
}
