import { createHmac } from 'node:crypto'
import type { Bytes } from '#lexicon'
import { type Kysely, type RawBuilder, type Schema, sql, type Transaction } from '#store'

/**
 * What tells a mail that came before: whoever lost our answer sends the same bytes to the same addresses.
 * Keyed, so that nobody who reads the database can ask it for a mail that they know.
 */
export function mailMark(key: Bytes, to: readonly string[], raw: Bytes): Bytes {
  const mark = createHmac('sha256', key)
  mark.update(`${JSON.stringify(to.toSorted())}\n`)
  mark.update(raw)
  return new Uint8Array(mark.digest())
}

/** False when it stood there: then another transaction took this mail, and has committed. */
export async function putMailMark(
  tx: Transaction<Schema>,
  mark: Bytes,
  taken: number,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('intake.mail')
    .values({ mark, taken: new Date(taken) })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** The same for several. Fewer rows than marks: one stood there. In one order, or two groups wait for each other. */
export function markMails(marks: readonly Bytes[], taken: number): RawBuilder<unknown> {
  return sql`
    insert into intake.mail (mark, taken)
    select mark, ${new Date(taken)}::timestamptz from unnest(${marks}::bytea[]) mark
    order by mark on conflict do nothing`
}

/** Nobody sends a mail again that was taken before this moment. For the login of post. */
export async function sweepMailMarks(db: Kysely<Schema>, before: number): Promise<void> {
  await db.deleteFrom('intake.mail').where('taken', '<', new Date(before)).execute()
}
