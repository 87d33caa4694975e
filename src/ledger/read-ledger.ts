import { type Bytes, bytesOfHex, hexOfBytes } from '#lexicon'
import type { AcceptedBefore, Statement } from '#seal'
import type { Kysely, Schema } from '#store'

/** The receipt of a statement that was accepted before; `null` for one that was not. */
export async function receiptOf(db: Kysely<Schema>, ofId: string): Promise<Statement | null> {
  return (await entriesOf(db, [ofId])).get(ofId) ?? null
}

/** The receipts of a whole batch in its order; `null` unless every statement of it was accepted before. */
export async function receiptsOf(
  db: Kysely<Schema>,
  ofIds: readonly string[],
): Promise<Statement[] | null> {
  const entries = await entriesOf(db, ofIds)
  const receipts = ofIds.map((id) => entries.get(id)).filter((entry) => entry !== undefined)
  return receipts.length === ofIds.length ? receipts : null
}

/** The acceptances of these statements, by the id of the statement. Unknown ids are not in it. */
export async function entriesOf(
  db: Kysely<Schema>,
  ofIds: readonly string[],
): Promise<Map<string, Statement>> {
  const entries = new Map<string, Statement>()
  if (ofIds.length === 0) return entries
  const rows = await db
    .selectFrom('ledger.entry')
    .select(['of_id', 'head', 'sig'])
    .where('of_id', 'in', ofIds.map(bytesOfHex))
    .execute()
  for (const { of_id, head, sig } of rows)
    if (of_id !== null) entries.set(hexOfBytes(of_id), { head, sig: hexOfBytes(sig) })
  return entries
}

/**
 * For folding a stored chain (F6): was this statement of the chain accepted before the one that ended
 * its author's key? The server knows the order from its own ledger; clients ask for inclusion proofs.
 */
export function acceptedBefore(db: Kysely<Schema>, chain: string): AcceptedBefore {
  let places: Promise<Map<string, number>> | undefined
  const ends = new Map<string, Promise<number | undefined>>()
  return async (id, ended) => {
    places ??= placesOf(db, bytesOfHex(chain))
    const end = ends.get(ended) ?? placeOf(db, bytesOfHex(ended))
    ends.set(ended, end)
    const [own, last] = [(await places).get(id), await end]
    return own !== undefined && last !== undefined && own < last
  }
}

async function placesOf(db: Kysely<Schema>, chain: Bytes): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('ledger.entry')
    .select(['of_id', 'seq'])
    .where('of_chain', '=', chain)
    .execute()
  const places = new Map<string, number>()
  for (const { of_id, seq } of rows) if (of_id !== null) places.set(hexOfBytes(of_id), seq)
  return places
}

async function placeOf(db: Kysely<Schema>, ofId: Bytes): Promise<number | undefined> {
  const row = await db
    .selectFrom('ledger.entry')
    .select('seq')
    .where('of_id', '=', ofId)
    .executeTakeFirst()
  return row?.seq
}
