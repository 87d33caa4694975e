import type { Insertable, Kysely, Transaction } from 'kysely'
import type { Bytes } from '#lexicon'
import type { KeysLabel, KeysVault, KeysWrap, Schema } from './schema.ts'
import { StoreError } from './store-error.ts'

/** The wraps of one statement. Insert only: whoever could replace a wrap could lock a reader out. */
export async function putWraps(
  tx: Transaction<Schema>,
  wraps: readonly Insertable<KeysWrap>[],
): Promise<void> {
  if (wraps.length === 0) return
  const inserted = await tx
    .insertInto('keys.wrap')
    .values(wraps)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  demandInserted(inserted.numInsertedOrUpdatedRows, wraps.length, 'A wrap')
}

export async function readWrap(db: Kysely<Schema>, chain: Bytes, hash: Bytes): Promise<Bytes> {
  const found = await db
    .selectFrom('keys.wrap')
    .select('bytes')
    .where('chain', '=', chain)
    .where('hash', '=', hash)
    .executeTakeFirst()
  if (found === undefined) throw new StoreError('key-unknown', 'There is no such wrap.')
  return found.bytes
}

export async function putLabel(
  tx: Transaction<Schema>,
  label: Insertable<KeysLabel>,
): Promise<void> {
  const inserted = await tx
    .insertInto('keys.label')
    .values(label)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  demandInserted(inserted.numInsertedOrUpdatedRows, 1, 'A label')
}

/** Of a reporter. A lookup that is taken would give one reporter the vault of another. */
export async function putVault(
  tx: Transaction<Schema>,
  vault: Insertable<KeysVault>,
): Promise<void> {
  const inserted = await tx
    .insertInto('keys.vault')
    .values(vault)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  demandInserted(inserted.numInsertedOrUpdatedRows, 1, 'A vault')
}

function demandInserted(rows: bigint | undefined, wanted: number, what: string): void {
  if (rows === BigInt(wanted)) return
  throw new StoreError('key-exists', `${what} for this place is stored already.`)
}
