import { bytesOfHex, sameBytes, SECOND } from '#lexicon'
import type { Person } from '#seal'
import type { Db } from './identity-deps.ts'
import { IdentityError } from './identity-error.ts'

/**
 * One database belongs to one server key: receipts of another key would not verify in any client.
 * The first start writes it down.
 */
export async function pinServer(db: Db, server: Person): Promise<void> {
  await db
    .insertInto('identity.server')
    .values({ public_key: bytesOfHex(server) })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const row = await db.selectFrom('identity.server').select('public_key').executeTakeFirst()
  if (row !== undefined && sameBytes(row.public_key, bytesOfHex(server))) return
  throw new IdentityError(
    'other-server',
    'This database belongs to another server key: start with the data folder whose server.key made it, or restore a backup.',
  )
}

/** When this copy was restored, in milliseconds; `undefined` while the desk works as usual. */
export async function restoredAt(db: Db): Promise<number | undefined> {
  const row = await db.selectFrom('identity.server').select('restored_at').executeTakeFirst()
  return row?.restored_at?.getTime()
}

/** From now on the desk only reads, until its coordinators agree (PROTOCOL 9). */
export async function markRestored(db: Db, now: number): Promise<void> {
  // Whole seconds, as in heads: so "written before the restore" is one comparison.
  const restored_at = new Date(Math.floor(now / SECOND) * SECOND)
  await db.updateTable('identity.server').set({ restored_at }).execute()
}

export async function clearRestored(db: Db): Promise<void> {
  await db.updateTable('identity.server').set({ restored_at: null }).execute()
}
