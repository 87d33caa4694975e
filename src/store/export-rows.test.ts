import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { connectAdmin, type AdminLogin } from './admin-login.ts'
import { BACKUP_KEY_TABLES, BACKUP_TABLES } from './copied-tables.ts'
import { exportRows, type CopyTarget } from './export-rows.ts'
import { importRows } from './import-rows.ts'
import { scratchDatabase, type ScratchDatabase } from './scratch-database.ts'

const tables = BACKUP_TABLES
const keyTables = BACKUP_KEY_TABLES

function keeper(target: CopyTarget['tables']): CopyTarget & { lines: string[] } {
  const lines: string[] = []
  const write = async (line: string): Promise<void> => {
    assert(line.endsWith('\n'))
    lines.push(line.slice(0, -1))
  }
  return { tables: target, write, lines }
}

async function copyOf(admin: AdminLogin): Promise<{ rows: string[]; keys: string[] }> {
  const [rows, keys] = [keeper(tables), keeper(keyTables)]
  await exportRows(admin, [rows, keys])
  return { rows: rows.lines, keys: keys.lines }
}

async function* each(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines
}

async function filled(): Promise<ScratchDatabase> {
  const database = await scratchDatabase()
  const { desk, intake, identity } = database.logins
  const bytes = (length: number) => new Uint8Array(randomBytes(length))
  const received = new Date('2026-11-21T12:00:00.123Z')
  const id = new Uint8Array(32).fill(255)
  await intake
    .insertInto('desk.case')
    .values({ id, number: '2026-AAAAA', source: 'web', received })
    .execute()
  for (let n = 0; n < 250; n++) {
    const head = `{"text":"ü \\" \\n \u{1F512}","n":${n}}`
    await intake
      .insertInto('desk.statement')
      .values({
        chain: id,
        seq: n,
        id: bytes(32),
        type: 'x',
        head,
        sig: bytes(64),
        accepted: received,
      })
      .execute()
  }
  const invitation = { lookup: bytes(16), auth_hash: bytes(32), by_whom: id, roles: ['a', 'b,"c'] }
  await identity
    .insertInto('identity.invitation')
    .values({ ...invitation, expires: received, joined: '{"who":"x","n":1.0}' })
    .execute()
  const upload = bytes(16)
  await desk.insertInto('blobs.upload').values({ id: upload, opened: received }).execute()
  for (let n = 0; n < 6; n++) {
    const piece = { upload, n, sha256: bytes(32), size: 1024 * 1024, bytes: bytes(1024 * 1024) }
    await desk.insertInto('blobs.piece').values(piece).execute()
  }
  await desk
    .insertInto('keys.packet')
    .values({ upload, bytes: bytes(500) })
    .execute()
  for (const kind of ['report', 'answer']) {
    await desk.insertInto('post.outbox').values({ kind, about: id, written: received }).execute()
  }
  return database
}

const source = await filled()
await source.close()
const copy = await copyOf(source.admin)

test('what is restored is what was there, and the next copy is the same text', async () => {
  const target = await scratchDatabase()
  const counts = await importRows(target.admin, [
    { tables, lines: each(copy.rows) },
    { tables: keyTables, lines: each(copy.keys) },
  ])
  const total = counts.flat().find(({ table }) => table === 'desk.statement')
  assert.equal(total?.rows, 250)
  assert.deepEqual(await copyOf(target.admin), copy)
  // The next message of the outbox gets a number that is free.
  const about = new Uint8Array(32)
  await target.logins.desk
    .insertInto('post.outbox')
    .values({ kind: 'next', about, written: new Date(0) })
    .execute()
  const outbox = await target.logins.post
    .selectFrom('post.outbox')
    .select('id')
    .orderBy('id')
    .execute()
  assert.deepEqual(
    outbox.map((row) => row.id),
    [1, 2, 3],
  )
  await target.close()
})

test('the key store is in the second file only', () => {
  assert(!copy.rows.some((line) => line.startsWith('{"table":"keys.')))
  const named = copy.keys.filter((line) => line.startsWith('{"table":'))
  assert(named.every((line) => line.startsWith('{"table":"keys.')))
})

test('the end tells rows and hash of every table, which any tool can count', () => {
  const { end } = JSON.parse(copy.rows.at(-1) ?? '') as {
    end: { table: string; rows: number; sha256: string }[]
  }
  assert.deepEqual(
    end.map(({ table }) => table),
    [...tables],
  )
  const from = copy.rows.findIndex((line) => line.startsWith('{"table":"desk.statement"')) + 1
  const lines = copy.rows.slice(from, from + 250).map((line) => `${line}\n`)
  const wanted = end.find(({ table }) => table === 'desk.statement')
  assert.equal(createHash('sha256').update(lines.join('')).digest('hex'), wanted?.sha256)
})

test('both files show the same moment, whatever is written meanwhile', async () => {
  const database = await filled()
  const [rows, keys] = [keeper(tables), keeper(keyTables)]
  const upload = new Uint8Array(16)
  const write = async (line: string): Promise<void> => {
    if (rows.lines.length === 0) {
      const { desk } = database.logins
      await desk
        .insertInto('blobs.upload')
        .values({ id: upload, opened: new Date(0) })
        .execute()
      await desk.insertInto('keys.packet').values({ upload, bytes: upload }).execute()
    }
    return rows.write(line)
  }
  const counts = await exportRows(database.admin, [{ tables, write }, keys])
  await database.close()
  const rowsOf = (name: string) => counts.flat().find(({ table }) => table === name)?.rows
  assert.equal(rowsOf('blobs.upload'), 1)
  assert.equal(rowsOf('keys.packet'), 1)
})

test('a torn, changed or foreign copy restores nothing', async () => {
  const target = await scratchDatabase()
  const { rows, keys } = copy
  const restore = (lines: readonly string[]) =>
    importRows(target.admin, [{ tables, lines: each(lines) }])
  const damaged = { code: 'copy-damaged' }
  const at = rows.findIndex((line) => line.includes('"desk.statement"')) + 1
  const without = rows.toSpliced(at, 1)
  const changed = rows.with(at, (rows[at] ?? '').replace('"x"', '"y"'))
  assert.notEqual(changed[at], rows[at])
  await assert.rejects(restore(rows.slice(0, -1)), damaged)
  await assert.rejects(restore(without), damaged)
  await assert.rejects(restore(changed), damaged)
  await assert.rejects(restore([...rows, rows[at] ?? '']), damaged)
  await assert.rejects(restore(['["1"]', ...rows]), damaged)
  await assert.rejects(restore(keys), damaged)
  await assert.rejects(restore(['{"table":"desk.case","columns":["id","x) --"]}']), damaged)
  await assert.rejects(restore(['not json']), damaged)
  await assert.rejects(restore([]), damaged)
  const client = await connectAdmin(target.admin)
  const { rows: left } = await client.query(
    'select id from desk.statement union all select id from desk."case"',
  )
  assert.deepEqual(left, [])
  await client.end()
  await target.close()
})

test('a database that has rows is not overwritten', async () => {
  const again = importRows(source.admin, [{ tables, lines: each(copy.rows) }])
  await assert.rejects(again, { code: 'not-empty' })
})
