import { DAY } from '#lexicon'
import type { Kysely, Schema } from '#store'
import { MAIL_LIVES } from './send-waiting.ts'

/**
 * Erases what waited too long, with its address, and says so for its case. What a restore brought back
 * as waiting has no mail any more: it expired as well. Returns how many were not sent.
 */
export async function sweepMail(db: Kysely<Schema>, now: number): Promise<number> {
  return db.transaction().execute(async (tx) => {
    await tx
      .deleteFrom('post.mail')
      .where('written', '<=', new Date(now - MAIL_LIVES))
      .execute()
    const { numUpdatedRows } = await tx
      .updateTable('post.delivery')
      .set({ state: 'expired', at: new Date(now) })
      .where('state', '=', 'waiting')
      .where((row) =>
        row.not(
          row.exists(
            row
              .selectFrom('post.mail')
              .select('id')
              .whereRef('post.mail.id', '=', 'post.delivery.mail'),
          ),
        ),
      )
      .executeTakeFirst()
    await tx
      .deleteFrom('post.answered')
      .where('day', '<', Math.floor(now / DAY) - 1)
      .execute()
    return Number(numUpdatedRows)
  })
}
