import { globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import pg from 'pg'

/** The embedded database of a running desk, through its private socket, as its owner. */
export async function askDatabase<Row extends pg.QueryResultRow>(
  data: string,
  query: string,
): Promise<readonly Row[]> {
  const [socket] = globSync(join(data, '**', '.s.PGSQL.5432'))
  if (socket === undefined) throw new Error('this desk has no database of its own')
  const client = new pg.Client({ host: dirname(socket), user: 'postgres', database: 'postern' })
  await client.connect()
  try {
    return (await client.query<Row>(query)).rows
  } finally {
    await client.end()
  }
}

/** Makes PostgreSQL write every changed page to its files, so that a search of the files sees all. */
export async function checkpointDatabase(data: string): Promise<void> {
  await askDatabase(data, 'checkpoint')
}
