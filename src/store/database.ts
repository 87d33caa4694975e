import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Bytes } from '#lexicon'
import { connectAdmin, connectionAs, type AdminLogin, type Connection } from './admin-login.ts'
import { assertDurable, assertNewEnough } from './durable.ts'
import { askingPool } from './ask-at-once.ts'
import { codeOf } from './error-code.ts'
import { grantLogins } from './logins.ts'
import { aloneInDatabase, migrate, readMigrations, type Migration } from './migrate.ts'
import { loginOf, passwordOf, ROOMS, type Room } from './rooms.ts'
import type { Schema } from './schema.ts'

export interface DatabaseOptions {
  readonly admin: AdminLogin
  /** The passwords of the rooms' logins are derived from it. */
  readonly secret: Bytes
  readonly log: (line: string) => void
  /** Accepts a server that may lose what it acknowledged. */
  readonly unsafe?: boolean
  readonly migrations?: readonly Migration[]
}

/** One door to the database for each room; each may do what grants.sql says and nothing else. */
export type Logins = Readonly<Record<Room, Kysely<Schema>>>

export interface Database {
  readonly logins: Logins
  /** For pg-boss, which brings its own connections: the login of `post`, schema `boss`. */
  readonly jobs: Connection
  close(): Promise<void>
}

/** Every connection of a room: durable, and never stuck for long. No schema but the system's is implied. */
const SESSION = [
  'synchronous_commit=on',
  'statement_timeout=30s',
  'lock_timeout=10s',
  'idle_in_transaction_session_timeout=60s',
  'search_path=pg_catalog',
  'bytea_output=hex',
]
  .map((setting) => `-c ${setting}`)
  .join(' ')

/** Migrates, gives the rooms their logins, and opens a pool for each; the pools connect when used. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const database = await prepare(options)
  const connection = (room: Room): Connection =>
    connectionAs(options.admin, loginOf(database, room), passwordOf(options.secret, room), SESSION)
  const pools = ROOMS.map((room) => [room, poolOf(room, connection(room), options.log)] as const)
  const logins = Object.fromEntries(pools) as Record<Room, Kysely<Schema>>
  return {
    logins,
    jobs: connection('post'),
    close: async () => {
      await Promise.all(Object.values(logins).map((db) => db.destroy()))
    },
  }
}

/** What ships with the code. */
export function ownMigrations(): Migration[] {
  return readMigrations(join(import.meta.dirname, 'migrations'))
}

function ownGrants(): string {
  return readFileSync(join(import.meta.dirname, 'grants.sql'), 'utf8')
}

async function prepare(options: DatabaseOptions): Promise<string> {
  const { admin, secret, log, migrations = ownMigrations() } = options
  const client = await connectAdmin(admin)
  try {
    await assertNewEnough(client)
    await assertDurable(client, options.unsafe)
    const { rows } = await client.query<{ name: string }>('select current_database() as name')
    const database = rows[0]?.name ?? ''
    await aloneInDatabase(client, log, async () => {
      const level = await migrate(client, migrations, log)
      await grantLogins(client, { database, secret, grants: ownGrants(), level })
    })
    return database
  } finally {
    await client.end()
  }
}

function poolOf(room: Room, connection: Connection, log: (line: string) => void): Kysely<Schema> {
  // Whatever is asked goes out at once: kysely waits for each answer, `askAtOnce` for all of its own.
  const pool = new pg.Pool({ ...connection, max: room === 'desk' ? 8 : 4, pipeline: true })
  // Node ends a process on an error event that nobody hears. The first is for resting connections,
  // the second for one that is lost in the middle of a transaction.
  pool.on('error', (error) =>
    log(`The database closed a connection of ${room} (${codeOf(error) ?? 'no code'}).`),
  )
  pool.on('connect', (client) => client.on('error', () => undefined))
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool: askingPool(pool) }) })
}
