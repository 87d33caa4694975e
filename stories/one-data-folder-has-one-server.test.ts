import assert from 'node:assert/strict'
import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { askDatabase } from './database.ts'
import { endsInTurn } from './ends-in-turn.ts'
import { startOutsideDatabase } from './outside-database.ts'
import { freePort, openDesk, postern, type Running, scratchFolder, serve } from './stage.ts'

const MIGRATIONS = join(import.meta.dirname, '..', 'src', 'store', 'migrations')
const STARTS = 20
const STOP_WITHIN = 20_000

test('of two starts on one folder the second names the first and ends', async (t) => {
  const after = endsInTurn(t)
  const data = join(await scratchFolder(after), 'data')
  const first = await serve({ data })
  after(() => first.stop())
  const port = String(await freePort())
  for (const command of [
    ['serve', '--data', data, '--port', port],
    ['serve', '--data', `${data}/../data/`, '--port', port],
  ]) {
    const second = await postern(command)
    assert.equal(second.code, 2)
    assert.equal(second.err, `postern: ${inUse(data, first.pid)}\n`)
    t.diagnostic(second.err.trim().replace(data, 'DATA'))
  }
  assert.ok((await fetch(`http://127.0.0.1:${first.port}/health`)).ok)
})

test('of ten starts at once on an empty folder one serves and nine name it', async (t) => {
  const after = endsInTurn(t)
  const data = join(await scratchFolder(after), 'data')
  const starts = await Promise.allSettled(Array.from({ length: 10 }, () => serve({ data })))
  const serving = starts.filter((start) => start.status === 'fulfilled')
  for (const { value } of serving) after(() => value.stop())
  assert.equal(serving.length, 1)
  const [{ value: server } = assert.fail('nobody serves')] = serving
  const refused = starts.filter((start) => start.status === 'rejected')
  const sentence = inUse(data, server.pid)
  for (const { reason } of refused) assert.ok(String(reason).includes(sentence), String(reason))
  t.diagnostic(`1 serves, ${refused.length} name process ${server.pid}`)
})

test('twenty starts at once over one database migrate it once, and all serve', async (t) => {
  const after = endsInTurn(t)
  const folder = await scratchFolder(after)
  const database = await startOutsideDatabase(after)
  const env = { DATABASE_URL: database.url }
  const key = join(folder, 'server.key')
  const seed = await serve({ data: join(folder, 'seed') })
  await seed.stop()
  await copyFile(join(folder, 'seed', 'server.key'), key)

  const began = performance.now()
  const running = await Promise.all(
    Array.from({ length: STARTS }, async (_, n) => {
      const data = join(folder, `data-${n}`)
      await mkdir(data, { mode: 0o700 })
      await copyFile(key, join(data, 'server.key'))
      const server = await serve({ data, env })
      after(() => server.kill())
      return server
    }),
  )
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  const files = (await readdir(MIGRATIONS)).filter((name) => name.endsWith('.sql'))
  const migrated = running.flatMap((server) => server.printed().match(/Migrating the .*/g) ?? [])
  assert.equal(migrated.length, files.length, migrated.join('\n'))
  const rows = await database.ask('select number from public.postern_migration')
  assert.equal(rows.length, files.length)
  await Promise.all(running.map(demandHealthy))
  t.diagnostic(
    `${running.length} servers serve after ${seconds} s; ${migrated.length} migration ran`,
  )

  // The same database under another server's key: its receipts would verify nowhere.
  const other = ['serve', '--data', join(folder, 'other'), '--port', String(await freePort())]
  const refused = await postern(other, { env })
  assert.equal(refused.code, 5)
  assert.match(refused.err, /^postern: This database belongs to another server key: [^\n]+\.\n$/)
  t.diagnostic(refused.err.trim())

  const late = wait(STOP_WITHIN, undefined, { ref: false })
  const stopped = await Promise.all(running.map((server) => Promise.race([server.stop(), late])))
  const codes = stopped.map((ran) => ran?.code)
  assert.deepEqual(new Set(codes), new Set([0]), 'not all stopped when they were told to')
})

test('a database of a newer version is refused in words and left alone', async (t) => {
  const after = endsInTurn(t)
  const data = join(await scratchFolder(after), 'data')
  const first = await serve({ data })
  after(() => first.stop())
  const list = 'select number, name, sha256 from public.postern_migration order by number'
  await askDatabase(
    data,
    `insert into public.postern_migration (number, name, sha256)
     select max(number) + 1, '9999-from-the-future', repeat('0', 64) from public.postern_migration`,
  )
  const before = await askDatabase(data, list)
  await first.stop()
  const refused = await postern(['serve', '--data', data, '--port', String(first.port)])
  assert.equal(refused.code, 5)
  assert.match(refused.err, /^postern: This database was written by a newer Postern [^\n]+\.\n$/)
  t.diagnostic(refused.err.trim())

  // Nothing was touched: without the row it serves as before.
  const outside = await startOutsideDatabase(after, {}, data)
  assert.deepEqual(await outside.ask(list), before)
  await outside.ask(`delete from public.postern_migration where name = '9999-from-the-future'`)
  await outside.stop()
  const again = await serve({ data })
  after(() => again.stop())
})

test('it serves again in under 3 s after a clean stop, and under 10 s after kill -9', async (t) => {
  const after = endsInTurn(t)
  const desk = await openDesk(after)
  const { data, port } = desk.server
  let server: Running = desk.server
  after(() => server.stop())
  const timesAfter = async (end: () => Promise<unknown>) => {
    const times: number[] = []
    for (let n = 0; n < 3; n++) {
      await end()
      const began = performance.now()
      server = await serve({ data, port })
      times.push(performance.now() - began)
    }
    return times
  }
  const before = await slowness()
  const clean = await timesAfter(() => server.stop())
  const killed = await timesAfter(() => server.kill())
  const crashed = await timesAfter(async () => {
    const pid = Number(
      (await readFile(join(data, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0],
    )
    const gone = server.kill()
    process.kill(pid, 'SIGKILL')
    await gone
  })
  const shown = (times: readonly number[]) => times.map((time) => Math.round(time)).join(', ')
  t.diagnostic(`after a clean stop: ${shown(clean)} ms`)
  t.diagnostic(`after kill -9 of the server: ${shown(killed)} ms`)
  t.diagnostic(`after kill -9 of the server and of PostgreSQL: ${shown(crashed)} ms`)
  const slow = Math.max(before, await slowness())
  t.diagnostic(`bounds times ${slow.toFixed(1)}, for what else this machine does`)
  // The best of three: what else this machine does at the moment is not the server's.
  assert.ok(Math.min(...clean) < 3000 * slow)
  assert.ok(Math.min(...killed) < 10_000 * slow)
  assert.ok(Math.min(...crashed) < 10_000 * slow)
})

/** Beside other tests everything takes longer, also a process that only says that it was asked wrongly. */
async function slowness(): Promise<number> {
  const began = performance.now()
  assert.equal((await postern(['nothing'])).code, 2)
  return Math.max(1, (performance.now() - began) / 1000)
}

/** Twenty servers may hold all connections that there are for a moment. */
async function demandHealthy({ port, printed }: Running): Promise<void> {
  for (let left = 40; left > 0; left--) {
    if ((await fetch(`http://127.0.0.1:${port}/health`)).ok) return
    await wait(500)
  }
  assert.fail(`a server does not get well: ${printed()}`)
}

function inUse(data: string, pid: number): string {
  return `The data folder ${data} is in use by process ${pid} (postern serve).`
}
