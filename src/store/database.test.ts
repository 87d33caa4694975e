import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { sql } from 'kysely'
import pg from 'pg'
import { connectAdmin } from './admin-login.ts'
import { isDatabaseAway } from './database-away.ts'
import { openDatabase } from './database.ts'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import { ROOMS } from './rooms.ts'
import { scratchAdmin, scratchDatabase } from './scratch-database.ts'
import { inTransaction, LEDGER_LOCK } from './transaction.ts'

const database = await scratchDatabase()
after(() => database.close())
const { logins } = database
const denied = { code: '42501' }
const id = (first: number): Uint8Array<ArrayBuffer> => new Uint8Array(32).fill(first)

test('intake puts a report down and cannot read it back', async () => {
  const { intake } = logins
  const report = { id: id(1), number: '2026-AAAAA', source: 'web', received: new Date(0) }
  await intake.insertInto('desk.case').values(report).execute()
  await assert.rejects(intake.selectFrom('desk.case').select('id').execute(), denied)
  await assert.rejects(intake.selectFrom('desk.statement').select('head').execute(), denied)
  await assert.rejects(intake.selectFrom('blobs.piece').select('bytes').execute(), denied)
  await assert.rejects(intake.selectFrom('keys.packet').select('bytes').execute(), denied)
  await assert.rejects(intake.selectFrom('keys.vault').select('vault').execute(), denied)
  await assert.rejects(intake.updateTable('desk.case').set({ state: 'x' }).execute(), denied)
  await assert.rejects(intake.deleteFrom('desk.case').execute(), denied)
})

test('nobody changes or shortens the ledger', async () => {
  const entry = { seq: 0, id: id(2), type: 'ledger.open', head: '{}', sig: new Uint8Array(64) }
  await logins.ledger.insertInto('ledger.entry').values(entry).execute()
  for (const room of ROOMS) {
    const db = logins[room]
    await assert.rejects(db.updateTable('ledger.entry').set({ head: '' }).execute(), denied, room)
    await assert.rejects(db.deleteFrom('ledger.entry').execute(), denied, room)
    await assert.rejects(db.deleteFrom('ledger.node').execute(), denied, room)
    await assert.rejects(sql`truncate ledger.entry`.execute(db), denied, room)
  }
})

test('the site builder sees the desk chain and the ledger, no case, no key and no blob', async () => {
  const { site } = logins
  await site.selectFrom('ledger.entry').select('seq').execute()
  await site.selectFrom('identity.statement').select('seq').execute()
  await assert.rejects(site.selectFrom('desk.case').select('id').execute(), denied)
  await assert.rejects(site.selectFrom('desk.statement').select('head').execute(), denied)
  await assert.rejects(site.selectFrom('blobs.piece').select('n').execute(), denied)
  await assert.rejects(site.selectFrom('keys.wrap').select('bytes').execute(), denied)
  await assert.rejects(site.selectFrom('identity.session').select('who').execute(), denied)
})

test('the desk deletes no key and no blob, and only retention does', async () => {
  for (const room of ROOMS.filter((name) => name !== 'retention')) {
    const db = logins[room]
    await assert.rejects(db.deleteFrom('keys.packet').execute(), denied, room)
    await assert.rejects(db.deleteFrom('keys.wrap').execute(), denied, room)
    await assert.rejects(db.deleteFrom('keys.label').execute(), denied, room)
    await assert.rejects(db.deleteFrom('keys.vault').execute(), denied, room)
    await assert.rejects(db.deleteFrom('blobs.piece').execute(), denied, room)
  }
  await logins.retention.deleteFrom('keys.wrap').where('chain', '=', id(9)).execute()
  await assert.rejects(logins.retention.selectFrom('keys.wrap').select('bytes').execute(), denied)
})

test('every connection is durable, never stuck for long, and implies no schema', async () => {
  for (const room of ROOMS) {
    const { rows } = await sql<{ name: string; setting: string }>`
      select name, setting from pg_settings where name in ('synchronous_commit', 'statement_timeout',
        'lock_timeout', 'idle_in_transaction_session_timeout', 'search_path')`.execute(logins[room])
    assert.deepEqual(Object.fromEntries(rows.map((row) => [row.name, row.setting])), {
      synchronous_commit: 'on',
      statement_timeout: '30000',
      lock_timeout: '10000',
      idle_in_transaction_session_timeout: '60000',
      search_path: 'pg_catalog',
    })
  }
})

test('bytes come back as Bytes and counts as numbers; a number that would be rounded is refused', async () => {
  const { rows } = await sql<{ a: unknown; b: unknown }>`
    select '\\x00ff'::bytea as a, 9007199254740991::bigint as b`.execute(logins.site)
  assert.deepEqual(rows, [{ a: Uint8Array.of(0, 255), b: Number.MAX_SAFE_INTEGER }])
  await assert.rejects(sql`select 9007199254740993::bigint`.execute(logins.site), {
    code: 'unsafe-integer',
  })
  await sql`select 1`.execute(logins.site)
})

test('a connection that is lost inside a transaction fails that transaction and nothing else', async () => {
  const client = await connectAdmin(database.admin)
  const lost = inTransaction(logins.desk, async (tx) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx)
    await client.query('select pg_terminate_backend($1)', [rows[0]?.pid])
    const alive = `select 1 from pg_stat_activity where pid = $1`
    while ((await client.query(alive, [rows[0]?.pid])).rowCount !== 0);
    await sql`select 1`.execute(tx)
  })
  await assert.rejects(lost, (error) => isDatabaseAway(error))
  await client.end()
  await sql`select 1`.execute(logins.desk)
})

test('inTransaction joins the transaction that is open, and both go together', async () => {
  const entry = { level: 0, idx: 7, hash: id(3) }
  const failing = inTransaction(logins.ledger, async (tx) => {
    await sql`select pg_advisory_xact_lock(${LEDGER_LOCK})`.execute(tx)
    await inTransaction(tx, (same) => same.insertInto('ledger.node').values(entry).execute())
    throw new Error('changed my mind')
  })
  await assert.rejects(failing, /changed my mind/)
  const found = await logins.ledger
    .selectFrom('ledger.node')
    .select('idx')
    .where('idx', '=', 7)
    .execute()
  assert.deepEqual(found, [])
})

test('the login of post can run the job queue in its own schema', async () => {
  const client = new pg.Client(database.jobs)
  await client.connect()
  await client.query('create table boss.job (a int); insert into boss.job values (1)')
  await assert.rejects(client.query('create table post.mine (a int)'), denied)
  await client.end()
})

test('another secret gives other passwords, and the old ones end', async () => {
  await withPasswordServer(async (port) => {
    const admin = `postgres://postgres@127.0.0.1:${port}/postern`
    const parts = { host: '127.0.0.1', port, user: 'postgres', database: 'postern' }
    const log = (): undefined => undefined
    const first = await openDatabase({ admin, secret: id(1), log })
    await sql`select 1`.execute(first.logins.intake)
    const second = await openDatabase({ admin: parts, secret: id(2), log })
    await sql`select 1`.execute(second.logins.intake)
    await assert.rejects(sql`select 1`.execute(first.logins.desk), { code: '28P01' })
    await Promise.all([first.close(), second.close()])
  })
})

test('a login that may not make roles is told what to ask for, and one that may is enough', async () => {
  const owner = await scratchAdmin()
  const client = await connectAdmin(owner)
  await client.query(`create role plain login; alter database ${owner.database} owner to plain`)
  const admin = { ...owner, user: 'plain' }
  const options = { admin, secret: id(1), log: () => undefined }
  await assert.rejects(openDatabase(options), {
    code: 'may-not-create-logins',
    message: /ALTER ROLE "plain" CREATEROLE/,
  })
  await client.query('alter role plain createrole')
  const opened = await openDatabase(options)
  await opened.logins.site.selectFrom('ledger.entry').select('seq').execute()
  await opened.close()

  await client.query('create role stranger login createrole')
  const strangers = await scratchAdmin()
  await assert.rejects(openDatabase({ ...options, admin: { ...strangers, user: 'stranger' } }), {
    code: 'may-not-migrate',
    message: /ALTER DATABASE … OWNER TO "stranger"/,
  })
  await client.end()
})

test('a server that may forget what it acknowledged is refused unless told that it does not matter', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'postern-test-'))
  t.after(() => rmSync(dir, { recursive: true }))
  const log = (): undefined => undefined
  for (const name of ['fsync', 'full_page_writes', 'synchronous_commit']) {
    const server = await startEmbeddedPostgres({ dir, log, settings: { [name]: 'off' } })
    const options = { admin: server.config, secret: id(1), log }
    await assert.rejects(openDatabase(options), {
      code: 'not-durable',
      message: new RegExp(`with ${name} off`),
    })
    await (await openDatabase({ ...options, unsafe: true })).close()
    await server.stop()
  }
})

test('a server that is not there, or a URL of another form, is told in a sentence without the URL', async () => {
  const log = (): undefined => undefined
  const open = (admin: string) => openDatabase({ admin, secret: id(1), log })
  await assert.rejects(open('postgres://u:hush@127.0.0.1:1/x'), (error) => {
    assert(error instanceof Error && !error.message.includes('hush'))
    assert.match(error.message, /does not let us in/)
    return isDatabaseAway(error.cause)
  })
  await assert.rejects(open('mysql://u:hush@127.0.0.1/x'), (error) => {
    return error instanceof Error && !error.message.includes('hush')
  })
})

test('a database name that would make two logins one is refused', async () => {
  const admin = await scratchAdmin()
  const client = await connectAdmin(admin)
  const long = 'x'.repeat(54)
  await client.query(`create database ${long}`)
  await client.end()
  const options = { admin: { ...admin, database: long }, secret: id(1), log: () => undefined }
  await assert.rejects(openDatabase(options), { code: 'name-too-long' })
})

/** Over TCP the server asks for passwords, except from its owner. */
async function withPasswordServer(work: (port: number) => Promise<void>): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'postern-test-'))
  const hba = join(dir, 'hba.conf')
  writeFileSync(
    hba,
    'host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n',
  )
  const port = await freePort()
  const settings = { listen_addresses: '127.0.0.1', port: String(port), hba_file: hba }
  const server = await startEmbeddedPostgres({ dir, log: () => undefined, settings })
  try {
    await work(port)
  } finally {
    await server.stop()
    rmSync(dir, { recursive: true })
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
