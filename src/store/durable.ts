import type pg from 'pg'
import { StoreError } from './store-error.ts'

const OLDEST = 15
const PROMISES = ['fsync', 'full_page_writes', 'synchronous_commit']

/**
 * Refuses a server that may forget what it said was written: the receipt of a report says that it
 * is durable. `unsafe` is for a trial on a machine whose data does not matter.
 */
export async function assertDurable(client: pg.Client, unsafe = false): Promise<void> {
  if (unsafe) return
  const { rows } = await client.query<{ name: string }>(
    `select name from pg_settings where name = any($1) and reset_val = 'off' order by name`,
    [PROMISES],
  )
  if (rows.length === 0) return
  const names = rows.map((row) => row.name).join(' and ')
  throw new StoreError(
    'not-durable',
    `The database server runs with ${names} off and may lose reports that were acknowledged: turn it on, or say --unsafe for a trial.`,
  )
}

export async function assertNewEnough(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ server_version_num: string }>('show server_version_num')
  const major = Math.trunc(Number(rows[0]?.server_version_num) / 10_000)
  if (major >= OLDEST) return
  throw new StoreError(
    'server-too-old',
    `The database server is PostgreSQL ${major}: Postern needs ${OLDEST} or newer.`,
  )
}
