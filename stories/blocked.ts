import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'

/** Somebody in this database waits for a lock of ours: the race that a test sets up is really one. */
export async function untilBlocked(admin: pg.ClientConfig): Promise<void> {
  const client = new pg.Client(admin)
  await client.connect()
  try {
    for (let left = 1000; left > 0; left--) {
      const { rows } = await client.query(WAITING)
      if (rows.length > 0) return
      await wait(10)
    }
    assert.fail('nobody waits for a lock')
  } finally {
    await client.end()
  }
}

const WAITING = `
  select 1 from pg_locks
  where not granted and locktype = 'advisory'
    and database = (select oid from pg_database where datname = current_database())`
