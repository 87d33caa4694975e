import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { hasCode } from './error-code.ts'
import { StoreError } from './store-error.ts'

export interface Migration {
  readonly number: number
  readonly name: string
  readonly sha256: string
  readonly sql: string
}

/** Our key among the advisory locks of this database: one start migrates, the others wait. */
const MIGRATION_LOCK = 1_886_352_500

/** `0001-first.sql`, `0002-…`, without gaps: a gap is a file that somebody forgot. */
export function readMigrations(folder: string): Migration[] {
  const migrations = readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .toSorted()
    .map((file) => readMigration(folder, file))
  for (const [at, { number, name }] of migrations.entries()) {
    if (number !== at + 1) throw badMigrations(`${name} should be number ${at + 1}`)
  }
  return migrations
}

/** Runs `work` while no other start of Postern migrates this database. */
export async function aloneInDatabase<T>(
  client: pg.Client,
  log: (line: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const { rows } = await client.query<{ got: boolean }>('select pg_try_advisory_lock($1) as got', [
    MIGRATION_LOCK,
  ])
  if (rows[0]?.got !== true) {
    log('Another start of Postern prepares the database: waiting for it.')
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
  }
  try {
    return await work()
  } finally {
    await client.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK])
  }
}

/** Brings the database to the newest migration and returns its number. Call it alone in the database. */
export async function migrate(
  client: pg.Client,
  migrations: readonly Migration[],
  log: (line: string) => void,
): Promise<number> {
  const applied = await appliedMigrations(client)
  for (const { number, name, sha256 } of applied) {
    const ours = migrations[number - 1]
    if (ours === undefined) throw newer(applied.length, migrations.length)
    if (ours.sha256 !== sha256) throw changed(name)
  }
  for (const migration of migrations.slice(applied.length)) {
    log(`Migrating the database: ${migration.name}.`)
    await apply(client, migration)
  }
  return migrations.length
}

type Applied = Omit<Migration, 'sql'>

async function appliedMigrations(client: pg.Client): Promise<Applied[]> {
  try {
    await client.query(
      `create table if not exists public.postern_migration (
         number integer primary key,
         name text not null,
         sha256 text not null,
         applied timestamptz not null default now()
       )`,
    )
  } catch (cause) {
    throw hasCode(cause, '42501') ? mayNot(client.user ?? '', cause) : cause
  }
  const { rows } = await client.query<Applied>(
    'select number, name, sha256 from public.postern_migration order by number',
  )
  return rows
}

async function apply(client: pg.Client, { number, name, sha256, sql }: Migration): Promise<void> {
  try {
    await client.query('begin')
    await client.query(sql)
    await client.query(
      'insert into public.postern_migration (number, name, sha256) values ($1, $2, $3)',
      [number, name, sha256],
    )
    await client.query('commit')
  } catch (cause) {
    await client.query('rollback').catch(() => undefined)
    if (hasCode(cause, '42501')) throw mayNot(client.user ?? '', cause)
    const why = cause instanceof Error ? cause.message : 'unknown'
    throw new StoreError(
      'migration-failed',
      `Migration ${name} failed and changed nothing: ${why}.`,
      { cause },
    )
  }
}

function readMigration(folder: string, file: string): Migration {
  const number = /^(\d{4})-[a-z0-9-]+\.sql$/.exec(file)?.[1]
  if (number === undefined) throw badMigrations(`${file} is not named like 0001-first.sql`)
  const sql = readFileSync(join(folder, file), 'utf8')
  const sha256 = createHash('sha256').update(sql).digest('hex')
  return { number: Number(number), name: file.slice(0, -'.sql'.length), sha256, sql }
}

function badMigrations(why: string): StoreError {
  return new StoreError(
    'bad-migrations',
    `The migrations of this copy of Postern are wrong: ${why}.`,
  )
}

function newer(theirs: number, ours: number): StoreError {
  return new StoreError(
    'database-newer',
    `This database was written by a newer Postern (migration ${theirs}, this one knows ${ours}): start the newer version.`,
  )
}

function changed(name: string): StoreError {
  return new StoreError(
    'migration-changed',
    `Migration ${name} was changed after this database applied it: start the version of Postern that applied it, or write a new migration.`,
  )
}

function mayNot(name: string, cause: unknown): StoreError {
  return new StoreError(
    'may-not-migrate',
    `The database login ${name} may not make tables: let it own the database, by ALTER DATABASE … OWNER TO "${name}".`,
    { cause },
  )
}
