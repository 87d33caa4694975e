import { createHash } from 'node:crypto'
import pg from 'pg'
import type { Bytes } from '#lexicon'
import { loginOf, ROOMS, verifierOf } from './rooms.ts'
import { hasCode } from './error-code.ts'
import { StoreError } from './store-error.ts'

/** The schemas whose tables the migrating login owns. What is in `boss` belongs to pg-boss. */
export const ROOM_SCHEMAS = [
  'ledger',
  'identity',
  'desk',
  'intake',
  'blobs',
  'keys',
  'post',
  'valve',
]

export interface Wanted {
  readonly database: string
  readonly secret: Bytes
  /** The text of grants.sql. */
  readonly grants: string
  /** The newest migration, which may have brought tables that the grants name. */
  readonly level: number
}

/**
 * Makes the rooms' logins and gives each exactly what grants.sql says: everything that stands there
 * from before is taken away first. Does nothing when nothing changed.
 */
export async function grantLogins(client: pg.Client, wanted: Wanted): Promise<void> {
  const { database, secret } = wanted
  const verifiers = ROOMS.map(
    (room) => [loginOf(database, room), verifierOf(secret, room)] as const,
  )
  const digest = digestOf([wanted.grants, ...verifiers.flat()])
  await client.query(
    `create table if not exists public.postern_grants (
       only_row boolean primary key default true check (only_row),
       level integer not null,
       sha256 text not null
     )`,
  )
  const { rows: done } = await client.query<{ level: number; sha256: string }>(
    'select level, sha256 from public.postern_grants',
  )
  const existing = await existingLogins(client, verifiers)
  const settled = done[0]?.level === wanted.level && done[0].sha256 === digest
  if (settled && existing.size === ROOMS.length) return

  await refuseWithoutRight(client)
  try {
    await client.query('begin')
    for (const [login, verifier] of verifiers) {
      const how = existing.has(login) ? 'alter' : 'create'
      await client.query(`${how} role ${quoted(login)} login password ${literal(verifier)}`)
    }
    await client.query(revocations(verifiers.map(([login]) => login)))
    await client.query(grantsFor(database, wanted.grants))
    await client.query(
      `insert into public.postern_grants (level, sha256) values ($1, $2)
       on conflict (only_row) do update set level = excluded.level, sha256 = excluded.sha256`,
      [wanted.level, digest],
    )
    await client.query('commit')
  } catch (cause) {
    await client.query('rollback').catch(() => undefined)
    throw hasCode(cause, '42501') ? mayNot(client.user ?? '', cause) : cause
  }
}

/** grants.sql with `:room` replaced by the login of that room. */
function grantsFor(database: string, grants: string): string {
  const statements = grants.replace(/--.*$/gm, '')
  return statements.replace(/:([a-z]+)/g, (mark, name: string) => {
    const room = ROOMS.find((known) => known === name)
    if (room === undefined) throw new TypeError(`grants.sql names ${mark}, which is no room`)
    return quoted(loginOf(database, room))
  })
}

function revocations(logins: readonly string[]): string {
  const everybody = logins.map(quoted).join(', ')
  const ofTables = ROOM_SCHEMAS.map(
    (schema) =>
      `revoke all on all tables in schema ${schema} from ${everybody};
       revoke all on all sequences in schema ${schema} from ${everybody};
       revoke all on schema ${schema} from ${everybody};`,
  )
  return [...ofTables, `revoke all on schema boss from ${everybody};`].join('\n')
}

async function existingLogins(
  client: pg.Client,
  wanted: readonly (readonly [string, string])[],
): Promise<Set<string>> {
  const { rows } = await client.query<{ rolname: string }>(
    'select rolname from pg_roles where rolname = any($1)',
    [wanted.map(([login]) => login)],
  )
  return new Set(rows.map((row) => row.rolname))
}

async function refuseWithoutRight(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string; may: boolean }>(
    'select rolname as name, rolsuper or rolcreaterole as may from pg_roles where rolname = current_user',
  )
  if (rows[0]?.may !== true) throw mayNot(rows[0]?.name ?? '')
}

function mayNot(name: string, cause?: unknown): StoreError {
  return new StoreError(
    'may-not-create-logins',
    `Postern gives each of its rooms a login of its own, and the database login ${name} may not make them: run ALTER ROLE ${quoted(name)} CREATEROLE as the administrator of the database, and drop logins of Postern that somebody else made.`,
    { cause },
  )
}

function digestOf(texts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex')
}

function quoted(name: string): string {
  return pg.escapeIdentifier(name)
}

function literal(text: string): string {
  return pg.escapeLiteral(text)
}
