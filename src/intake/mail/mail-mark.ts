import { createHmac } from 'node:crypto'
import type { Bytes } from '#lexicon'
import type { Kysely, Schema, Transaction } from '#store'

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

/** Nobody sends a mail again that was taken before this moment. For the login of post. */
export async function sweepMailMarks(db: Kysely<Schema>, before: number): Promise<void> {
  await db.deleteFrom('intake.mail').where('taken', '<', new Date(before)).execute()
}
