import { createHmac } from 'node:crypto'
import type { Bytes } from '#lexicon'
import type { Schema, Transaction } from '#store'

/**
 * What tells a mail out of a mailbox or a file that was taken before. Mailboxes keep CR LF where files keep
 * LF: the same mail out of both has the same mark. Keyed, as the marks of mail that comes.
 */
export function storedMark(key: Bytes, raw: Bytes): Bytes {
  const mark = createHmac('sha256', key)
  mark.update('stored\n')
  for (let at = 0; at < raw.length;) {
    const feed = raw.indexOf(LF, at)
    const end = feed < 0 ? raw.length : feed
    mark.update(raw.subarray(at, feed > at && raw[feed - 1] === CR ? feed - 1 : end))
    if (feed >= 0) mark.update('\n')
    at = end + 1
  }
  return new Uint8Array(mark.digest())
}

/** False when it stood there. It stays: a mailbox is read again after years, when nobody remembers. */
export async function putStoredMark(
  tx: Transaction<Schema>,
  mark: Bytes,
  taken: number,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('intake.stored_mail')
    .values({ mark, taken: new Date(taken) })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

const [CR, LF] = [0x0d, 0x0a]
