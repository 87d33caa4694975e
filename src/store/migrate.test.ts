import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { connectAdmin, type AdminParts } from './admin-login.ts'
import { openDatabase, ownMigrations, type Database } from './database.ts'
import { migrate, type Migration, readMigrations } from './migrate.ts'
import { scratchAdmin } from './scratch-database.ts'

const secret = new Uint8Array(32).fill(1)

function open(
  admin: AdminParts,
  migrations: readonly Migration[],
  log: (line: string) => void = () => undefined,
): Promise<Database> {
  return openDatabase({ admin, secret, log, migrations })
}

/** One more than ours. */
const next = ownMigrations().length + 1
const later = `000${next}-later`

function another(sql: string): Migration {
  return { number: next, name: later, sha256: 'b'.repeat(64), sql }
}

async function ask(admin: AdminParts, text: string): Promise<unknown[]> {
  const client = await connectAdmin(admin)
  const { rows } = await client.query<Record<string, unknown>>(text)
  await client.end()
  return rows
}

test('of twenty starts at once one migrates and all can work', async () => {
  const admin = await scratchAdmin()
  const lines: string[] = []
  const all = await Promise.all(
    Array.from({ length: 20 }, () => open(admin, ownMigrations(), (line) => lines.push(line))),
  )
  assert.equal(lines.filter((line) => line.startsWith('Migrating')).length, ownMigrations().length)
  for (const { logins } of all) await logins.site.selectFrom('ledger.entry').select('seq').execute()
  await Promise.all(all.map((database) => database.close()))
  assert.deepEqual(
    await ask(admin, 'select number, sha256 from public.postern_migration order by 1'),
    ownMigrations().map(({ number, sha256 }) => ({ number, sha256 })),
  )
})

test('a later migration is applied alone, and its table gets its grants', async () => {
  const admin = await scratchAdmin()
  await (await open(admin, ownMigrations())).close()
  const more = [...ownMigrations(), another('create table desk.later (a int)')]
  await ask(admin, `grant select on blobs.piece to ${admin.database}_site`)
  await (await open(admin, more)).close()
  await ask(admin, 'select a from desk.later')
  // The new level applied the grants again and took away what they do not say.
  assert.deepEqual(
    await ask(
      admin,
      `select has_table_privilege('${admin.database}_site', 'blobs.piece', 'select')`,
    ),
    [{ has_table_privilege: false }],
  )
})

test('a desk of the first version comes along: its people stay, its sessions end', async () => {
  const admin = await scratchAdmin()
  const client = await connectAdmin(admin)
  const quiet = (): undefined => undefined
  await migrate(client, ownMigrations().slice(0, 1), quiet)
  await client.query(
    `insert into identity.session values (decode(repeat('01', 32), 'hex'), 'member', decode(repeat('02', 32), 'hex'), null, now(), now());
     insert into identity.address values (decode(repeat('02', 32), 'hex'), 'volunteer@example.org', now())`,
  )
  assert.equal(await migrate(client, ownMigrations(), quiet), ownMigrations().length)
  await client.end()
  await (await open(admin, ownMigrations())).close()
  assert.deepEqual(await ask(admin, 'select address from identity.address'), [
    { address: 'volunteer@example.org' },
  ])
  assert.deepEqual(await ask(admin, 'select id from identity.session'), [])
})

test('a database of a newer Postern is refused in words', async () => {
  const admin = await scratchAdmin()
  await (await open(admin, [...ownMigrations(), another('select 1')])).close()
  await assert.rejects(open(admin, ownMigrations()), {
    code: 'database-newer',
    message: new RegExp(`newer Postern \\(migration ${next}, this one knows ${next - 1}\\)`),
  })
})

test('a migration that was changed after it was applied is refused', async () => {
  const admin = await scratchAdmin()
  await (await open(admin, ownMigrations())).close()
  const [first, ...others] = ownMigrations()
  assert(first !== undefined)
  await assert.rejects(open(admin, [{ ...first, sha256: 'c'.repeat(64) }, ...others]), {
    code: 'migration-changed',
    message: /0001-first/,
  })
})

test('a migration that fails leaves nothing behind and can be mended', async () => {
  const admin = await scratchAdmin()
  const broken = another('create table desk.half (a int); select 1 / 0')
  await assert.rejects(open(admin, [...ownMigrations(), broken]), {
    code: 'migration-failed',
    message: `Migration ${later} failed and changed nothing: division by zero.`,
  })
  assert.deepEqual(await ask(admin, `select to_regclass('desk.half') as half`), [{ half: null }])
  await (await open(admin, [...ownMigrations(), another('create table desk.half (a int)')])).close()
})

test('a migration that cannot be noted leaves nothing behind either', async () => {
  const admin = await scratchAdmin()
  // Cut off between the work and its note: the next start would do the work a second time.
  const unnoted = another(
    `create table desk.half (a int); alter table public.postern_migration add check (number < ${ownMigrations().length + 1})`,
  )
  await assert.rejects(open(admin, [...ownMigrations(), unnoted]), { code: 'migration-failed' })
  assert.deepEqual(await ask(admin, `select to_regclass('desk.half') as half`), [{ half: null }])
  await (await open(admin, [...ownMigrations(), another('create table desk.half (a int)')])).close()
})

test('a gap in the numbers, or a name of another form, is a mistake', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'postern-test-'))
  t.after(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, '0001-first.sql'), 'select 1')
  writeFileSync(join(folder, '0003-third.sql'), 'select 3')
  assert.throws(() => readMigrations(folder), { code: 'bad-migrations', message: /number 2/ })
  rmSync(join(folder, '0003-third.sql'))
  assert.equal(readMigrations(folder).length, 1)
  writeFileSync(join(folder, 'second.sql'), 'select 2')
  assert.throws(() => readMigrations(folder), { code: 'bad-migrations', message: /second\.sql/ })
})
