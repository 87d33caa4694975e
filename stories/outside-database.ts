import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startEmbeddedPostgres } from '#store'

/** A PostgreSQL that is not the desk's own: the operator runs it, and stops it when they like. */
export type OutsideDatabase = {
  /** For DATABASE_URL. The same after a stop and a start. */
  readonly url: string
  readonly start: () => Promise<void>
  /** As an operator does it: connections are cut, transactions end without a commit. */
  readonly stop: () => Promise<void>
  readonly ask: <Row extends pg.QueryResultRow>(query: string) => Promise<readonly Row[]>
}

/** In a folder of its own, or `given` the data folder of a desk whose server is not running. */
export async function startOutsideDatabase(
  after: (end: () => Promise<void>) => void,
  settings: Readonly<Record<string, string>> = {},
  given?: string,
): Promise<OutsideDatabase> {
  const dir = given ?? (await mkdtemp(join(tmpdir(), 'postern-outside-')))
  if (given === undefined) after(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }))
  const open = () => startEmbeddedPostgres({ dir, log: () => undefined, settings })
  let running = await open()
  const { host, user, database } = running.config
  after(() => running.stop())
  return {
    url: `postgresql://${user}@/${database}?host=${encodeURIComponent(host)}`,
    start: async () => {
      running = await open()
    },
    stop: () => running.stop(),
    ask: async <Row extends pg.QueryResultRow>(query: string) => {
      const client = new pg.Client({ ...running.config })
      await client.connect()
      try {
        return (await client.query<Row>(query)).rows
      } finally {
        await client.end()
      }
    },
  }
}
