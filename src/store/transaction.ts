import { Transaction, type Kysely } from 'kysely'
import type { Schema } from './schema.ts'

/**
 * Appends to the ledger one after another: `select pg_advisory_xact_lock(LEDGER_LOCK)` comes before
 * the ledger's tail is read, and last in a transaction that files blobs, so that nobody waits for a
 * waiter.
 */
export const LEDGER_LOCK = 1_818_584_167

/** Whoever writes the history of the public tree holds it: several servers may share a database and its folder. */
export const PUBLIC_TREE_LOCK = 1_886_745_202

/** Runs `work` in the transaction that is open, or in one of its own. */
export function inTransaction<T>(
  db: Kysely<Schema>,
  work: (tx: Transaction<Schema>) => Promise<T>,
): Promise<T> {
  return isTransaction(db) ? work(db) : db.transaction().execute(work)
}

function isTransaction(db: Kysely<Schema>): db is Transaction<Schema> {
  return db instanceof Transaction
}
