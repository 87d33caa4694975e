import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { test, type TestContext } from 'node:test'
import pg from 'pg'
import {
  startEmbeddedPostgres,
  type EmbeddedOptions,
  type EmbeddedPostgres,
} from './embedded-postgres.ts'
import { StoreError } from './store-error.ts'

const module = new URL('embedded-postgres.ts', import.meta.url).href
/** A program that starts the server of a folder, says its number, and waits to be killed. */
const program = `
  import { startEmbeddedPostgres } from ${JSON.stringify(module)}
  const server = await startEmbeddedPostgres({ dir: process.argv[1], log: () => undefined })
  console.log(server.pid)
  setInterval(() => undefined, 1000)`

function scratch(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'postern-test-'))
  t.after(() => rmSync(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }))
  return dir
}

function start(dir: string, more: Partial<EmbeddedOptions> = {}): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({ dir, log: () => undefined, ...more })
}

async function ask(server: EmbeddedPostgres, text: string): Promise<unknown[]> {
  const client = new pg.Client(server.config)
  await client.connect()
  try {
    const { rows } = await client.query<Record<string, unknown>>(text)
    return rows
  } finally {
    await client.end()
  }
}

async function gone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 500; tries++) {
    if (!existsSync(`/proc/${pid}`)) return true
    await sleep(20)
  }
  return false
}

test('a database of one folder: checksums, UTF-8, no TCP, ready again at once', async (t) => {
  const dir = scratch(t)
  const first = await start(dir)
  assert.deepEqual(
    await ask(
      first,
      `select current_database() as db, current_setting('data_checksums') as checksums,
         current_setting('server_encoding') as encoding, current_setting('listen_addresses') as tcp,
         current_setting('fsync') as fsync, datcollate as collate, coalesce(datlocale, '') as locale
       from pg_database where datname = current_database()`,
    ),
    [
      {
        db: 'postern',
        checksums: 'on',
        encoding: 'UTF8',
        tcp: '',
        fsync: 'on',
        collate: 'C.UTF-8',
        locale: 'C.UTF-8',
      },
    ],
  )
  await ask(first, 'create table kept as select 1 as a')
  await Promise.all([first.stop(), first.stop()])
  await first.stop()

  const began = performance.now()
  const second = await start(dir)
  assert(performance.now() - began < 1000)
  assert.deepEqual(await ask(second, 'select a from kept'), [{ a: 1 }])
  await second.stop()
  for (const name of ['postgres', 'socket']) assert.equal(statSync(join(dir, name)).mode & 0o77, 0)
})

test('it knows nothing of our environment, where a passphrase may be', async (t) => {
  process.env.POSTERN_PASSPHRASE = 'hush'
  t.after(() => delete process.env.POSTERN_PASSPHRASE)
  const server = await start(scratch(t))
  const environment = readFileSync(`/proc/${server.pid}/environ`, 'utf8')
  await server.stop()
  assert.match(environment, /LC_ALL=C\.UTF-8/)
  assert(!environment.includes('hush'))
})

test('its log holds no value of any statement, and is bounded', async (t) => {
  const dir = scratch(t)
  const log = join(dir, 'postgres.log')
  const server = await start(dir)
  await ask(server, 'create table secret (a int primary key, b text)')
  await ask(server, `insert into secret values (4711, 'hush')`)
  await assert.rejects(ask(server, `insert into secret values (4711, 'hush')`), { code: '23505' })
  await assert.rejects(ask(server, `select 'hush'::int`), { code: '22P02' })
  await assert.rejects(ask(server, `selec 'hush'`), { code: '42601' })
  await assert.rejects(ask(server, `do $$ begin raise exception 'hush'; end $$`), { code: 'P0001' })
  await ask(server, `do $$ begin raise warning 'hush'; end $$`)
  await server.stop()
  const text = readFileSync(log, 'utf8')
  assert.match(text, /ready to accept connections/)
  assert(!text.includes('hush') && !text.includes('4711') && !text.includes('secret'))
  assert.equal(statSync(log).mode & 0o77, 0)

  writeFileSync(log, 'x'.repeat(1024 * 1024 + 1))
  await (await start(dir)).stop()
  assert(statSync(log).size < 10_000)
  assert(statSync(`${log}.1`).size > 1024 * 1024)
})

test('when our process is killed by SIGKILL it stops, and the next start finds everything', async (t) => {
  const dir = scratch(t)
  const owner = spawn(process.execPath, ['--input-type=module', '-e', program, dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [pid] = (await once(createInterface(owner.stdout), 'line')) as [string]
  const config = { host: join(dir, 'socket'), user: 'postgres', database: 'postern' }
  const client = new pg.Client(config)
  client.on('error', () => undefined)
  await client.connect()
  await client.query('create table kept as select 1 as a')
  owner.kill('SIGKILL')
  // At once: the start itself waits until the predecessor is gone.
  const server = await start(dir)
  assert(await gone(Number(pid)))
  assert.deepEqual(await ask(server, 'select a from kept'), [{ a: 1 }])
  await server.stop()
})

test('a start waits while the last server stops', async (t) => {
  const dir = scratch(t)
  const first = await start(dir)
  const stopped = first.stop()
  const second = await start(dir)
  await stopped
  assert.notEqual(second.pid, first.pid)
  await second.stop()
})

test('of two starts in one empty folder one serves, and the other names the process that holds it', async (t) => {
  const dir = scratch(t)
  const both = await Promise.allSettled([start(dir), start(dir)])
  const served = both.filter((result) => result.status === 'fulfilled')
  const refused = both.filter((result) => result.status === 'rejected')
  assert.equal(served.length, 1)
  const refusal: unknown = refused[0]?.reason
  assert(refusal instanceof StoreError)
  assert.equal(refusal.code, 'folder-busy')
  assert.match(refusal.message, new RegExp(`process ${process.pid} runs its database server`))
  await served[0]?.value.stop()
  assert.deepEqual(readdirSync(dir).toSorted(), ['postgres', 'postgres.log', 'socket'])
})

test('the number of a dead server that a stranger got in the meantime stops nobody', async (t) => {
  const dir = scratch(t)
  const ended = Promise.withResolvers<StoreError>()
  const first = await start(dir, { died: ended.resolve })
  process.kill(first.pid, 'SIGKILL')
  const { code, message } = await ended.promise
  assert.equal(code, 'postgres-died')
  assert.match(message, /SIGKILL/)

  const stranger = spawn('sleep', ['600'], { stdio: 'ignore' })
  t.after(() => stranger.kill('SIGKILL'))
  const file = join(dir, 'postgres', 'postmaster.pid')
  const [, ...rest] = readFileSync(file, 'utf8').split('\n')
  writeFileSync(file, [stranger.pid, ...rest].join('\n'))
  const second = await start(dir)
  assert.deepEqual(await ask(second, 'select 1 as a'), [{ a: 1 }])
  await second.stop()
})

test('a folder with a path too long for a socket has its socket elsewhere, and takes it away', async (t) => {
  const dir = join(scratch(t), 'long'.repeat(25))
  const server = await start(dir)
  const { host } = server.config
  assert(host.startsWith(tmpdir()) && !host.startsWith(dir))
  assert.equal(statSync(host).mode & 0o777, 0o700)
  assert.deepEqual(await ask(server, 'select 1 as a'), [{ a: 1 }])
  await server.stop()
  assert(!existsSync(host))
})

test('a data folder of another major version is refused in a sentence', async (t) => {
  const dir = scratch(t)
  mkdirSync(join(dir, 'postgres'))
  writeFileSync(join(dir, 'postgres', 'PG_VERSION'), '9\n')
  await assert.rejects(start(dir), { code: 'wrong-major', message: /PostgreSQL 9 and this is/ })
})

test('what a killed start left half made is removed', async (t) => {
  const dir = scratch(t)
  const dead = spawnSync('true').pid
  mkdirSync(join(dir, `postgres.new-${dead}-abcdef`))
  mkdirSync(join(dir, `postgres.new-${process.pid}-abcdef`))
  await (await start(dir)).stop()
  assert(!existsSync(join(dir, `postgres.new-${dead}-abcdef`)))
  assert(existsSync(join(dir, `postgres.new-${process.pid}-abcdef`)))
})

test('a setting that PostgreSQL does not take is told in its words', async (t) => {
  const dir = scratch(t)
  const bad = start(dir, { settings: { shared_buffers: 'nonsense' } })
  await assert.rejects(bad, { code: 'start-failed', message: /shared_buffers/ })
  await assert.rejects(start(dir, { bin: '/nowhere' }), { code: 'no-postgres' })
})

test('it runs for an ordinary user as well', async (t) => {
  const [become, ...who] = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] as const
  if (process.getuid?.() !== 0) return t.skip('this whole run is by an ordinary user')
  const reads = spawnSync(become, [...who, 'test', '-r', import.meta.filename]).status === 0
  if (!reads) return t.skip('an ordinary user may not read this folder')
  const dir = scratch(t)
  chownSync(dir, 65_534, 65_534)
  const args = [...who, process.execPath, '--input-type=module', '-e', program, dir]
  const owner = spawn(become, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [pid] = (await once(createInterface(owner.stdout), 'line')) as [string]
  assert.equal(statSync(join(dir, 'postgres')).uid, 65_534)
  owner.kill('SIGKILL')
  assert(await gone(Number(pid)))
})
