import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { connectAdmin } from './admin-login.ts'
import { BACKUP_KEY_TABLES, BACKUP_TABLES } from './copied-tables.ts'
import { describeSchema } from './describe-schema.ts'
import { ROOM_SCHEMAS } from './logins.ts'
import type { Schema } from './schema.ts'
import { scratchDatabase } from './scratch-database.ts'

const committed = join(import.meta.dirname, 'schema.sql')
const preface = `-- A fresh database as the tests found it: tables, and under each what the rooms' logins may do with it.
-- Not run by anybody. POSTERN_WRITE_SCHEMA=1 node --test src/store/schema.test.ts writes it anew.

`

/** The compiler sees that nothing of schema.ts is missing here, the test that PostgreSQL has the same. */
const columns: { readonly [T in keyof Schema]: Readonly<Record<keyof Schema[T], true>> } = {
  'ledger.entry': {
    seq: true,
    id: true,
    type: true,
    head: true,
    sig: true,
    of_chain: true,
    of_id: true,
    of_seq: true,
  },
  'ledger.node': { level: true, idx: true, hash: true },
  'identity.statement': { seq: true, id: true, type: true, head: true, sig: true },
  'identity.server': { only_row: true, public_key: true, restored_at: true },
  'identity.setup': { secret_hash: true, expires: true },
  'identity.challenge': { nonce_hash: true, expires: true },
  'identity.session': {
    token_hash: true,
    kind: true,
    who: true,
    case_id: true,
    opened: true,
    seen: true,
    id: true,
    way: true,
    passkey: true,
    proved: true,
  },
  'identity.invitation': {
    lookup: true,
    auth_hash: true,
    by_whom: true,
    roles: true,
    expires: true,
    joined: true,
    joined_at: true,
    admitted: true,
  },
  'identity.address': { who: true, address: true, noted: true, notices: true, looked: true },
  'identity.passkey': {
    id: true,
    who: true,
    public_key: true,
    counter: true,
    transports: true,
    label: true,
    added: true,
    used: true,
    synced: true,
  },
  'identity.recovery': { lookup: true, auth_hash: true, who: true, replace_since: true },
  'identity.recovery_request': {
    who: true,
    asked: true,
    released: true,
    released_by: true,
    seen: true,
    given: true,
  },
  'desk.case': {
    id: true,
    number: true,
    source: true,
    received: true,
    last_seq: true,
    state: true,
    sort: true,
    acknowledged: true,
    closed: true,
    title_seq: true,
    taken: true,
    recent: true,
    asked_seq: true,
    held: true,
  },
  'desk.statement': {
    chain: true,
    seq: true,
    id: true,
    type: true,
    head: true,
    sig: true,
    accepted: true,
  },
  'desk.reader': { case_id: true, circle: true, epoch: true, who: true },
  'desk.claim': {
    lookup: true,
    auth_hash: true,
    case_id: true,
    sealed: true,
    made: true,
    expires: true,
    who: true,
    enc: true,
    joined: true,
    mac: true,
    claimed: true,
    attempts: true,
    settled: true,
  },
  'blobs.upload': { id: true, opened: true },
  'blobs.piece': { upload: true, n: true, sha256: true, size: true, bytes: true },
  'blobs.blob': {
    chain: true,
    seq: true,
    hash: true,
    upload: true,
    kind: true,
    circle: true,
    size: true,
    pieces: true,
  },
  'keys.packet': { upload: true, bytes: true },
  'keys.wrap': {
    chain: true,
    seq: true,
    hash: true,
    circle: true,
    epoch: true,
    reader: true,
    bytes: true,
  },
  'keys.label': { chain: true, seq: true, hash: true, bytes: true },
  'keys.vault': {
    lookup: true,
    auth_hash: true,
    case_id: true,
    who: true,
    vault: true,
    ended: true,
  },
  'keys.invitation': { lookup: true, bytes: true },
  'keys.member_vault': { who: true, vault: true },
  'intake.mail': { mark: true, taken: true },
  'intake.thread': { mark: true, about: true, mail: true },
  'intake.stored_mail': { mark: true, taken: true },
  'post.outbox': { id: true, kind: true, about: true, written: true, author: true },
  'post.mail': {
    id: true,
    kind: true,
    about: true,
    sealed: true,
    written: true,
    due: true,
    tries: true,
    answer: true,
  },
  'post.delivery': {
    statement: true,
    mail: true,
    kind: true,
    about: true,
    state: true,
    at: true,
    answer: true,
  },
  'post.answered': { mark: true, day: true },
  'post.told': { who: true, at: true, upto: true },
  'post.warned': { who: true, about: true },
  'valve.document': { sha256: true, bytes: true, taken: true },
  'valve.draft': { path: true, sha256: true, author: true, at: true },
}

const database = await scratchDatabase()
const client = await connectAdmin(database.admin)
after(async () => {
  await client.end()
  await database.close()
})

test('a fresh database is what schema.sql says', async () => {
  const fresh = preface + (await describeSchema(client))
  if (process.env.POSTERN_WRITE_SCHEMA === '1') writeFileSync(committed, fresh)
  assert.equal(fresh, readFileSync(committed, 'utf8'))
})

test('the description shows a grant that is too wide', async () => {
  await client.query('begin; grant select (bytes) on blobs.piece to scratch1_intake')
  const wide = await describeSchema(client)
  await client.query('rollback')
  assert.match(wide, /-- intake: insert, select \(bytes, n, sha256, size, upload\)/)
})

test('schema.ts has the tables and columns of the database', async () => {
  const { rows } = await client.query<{ table: string; columns: string[] }>(
    `select table_schema || '.' || table_name as table, array_agg(column_name::text order by 1) as columns
     from information_schema.columns where table_schema = any($1) group by 1 order by 1`,
    [ROOM_SCHEMAS],
  )
  const found = Object.fromEntries(rows.map((row) => [row.table, row.columns.toSorted()]))
  const typed = Object.fromEntries(
    Object.entries(columns).map(([table, names]) => [table, Object.keys(names).toSorted()]),
  )
  assert.deepEqual(found, typed)
})

test('the list of schemas from which rights are taken is complete', async () => {
  const { rows } = await client.query<{ name: string }>(
    `select nspname as name from pg_namespace
     where nspname !~ '^pg_' and nspname not in ('information_schema', 'public', 'boss')`,
  )
  assert.deepEqual(rows.map((row) => row.name).toSorted(), ROOM_SCHEMAS.toSorted())
})

test('a backup leaves out only what dies with the server', () => {
  const copied: readonly string[] = [...BACKUP_TABLES, ...BACKUP_KEY_TABLES]
  const left = Object.keys(columns).filter((table) => !copied.includes(table))
  // A mail that waits holds an address: its key is in no backup, so the backup holds none of it.
  const waiting = ['intake.mail', 'post.mail', 'post.answered']
  assert.deepEqual(left, ['identity.setup', 'identity.challenge', 'identity.session', ...waiting])
  assert.equal(new Set(copied).size, copied.length)
})
