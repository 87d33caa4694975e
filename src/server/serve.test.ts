import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { get } from 'node:https'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { newReport } from '../../stories/drafts.ts'
import { newHouse } from '../../stories/house.ts'
import { newWorld, seedOf } from '../../stories/world.ts'
import { folderWithKey, operate, postJson, scratchFolder, serveTrial } from './trial-server.ts'

test('a first start makes a folder that is private, and prints one link', async (t) => {
  const data = join(scratchFolder(), 'data')
  const server = await serveTrial(['--data', data])
  t.after(() => server.end('SIGKILL'))
  assert.match(server.url, /^http:\/\/localhost:\d+$/)
  assert.match(server.secret ?? '', /^[0-9a-f]{64}$/)
  assert.equal(statSync(data).mode & 0o777, 0o700)
  for (const name of readdirSync(data))
    assert.equal(statSync(join(data, name)).mode & 0o077, 0, `${name} is for us alone`)
  const health = await fetch(`${server.url}/health`)
  assert.deepEqual(await health.json(), { status: 'ok' })
  const page = await (await fetch(`${server.url}/setup`)).text()
  assert.ok(!page.includes(server.secret ?? ''))
  const { code, err } = await server.end()
  assert.equal(code, 0)
  for (const line of err.trimEnd().split('\n')) assert.ok('event' in JSON.parse(line), line)
})

test('each start has a new link, and the old one is dead', async (t) => {
  const folder = scratchFolder()
  const world = await newWorld(Date.now())
  const data = folderWithKey(folder, seedOf('server'))
  const first = await serveTrial(['--data', data])
  t.after(() => first.end('SIGKILL'))
  await first.end()
  const second = await serveTrial(['--data', data])
  t.after(() => second.end('SIGKILL'))
  assert.notEqual(first.secret, second.secret)
  const setUp = (secret = '') =>
    postJson(second.url, '/api/v1/setup', { secret, batch: world.batch })
  assert.equal((await setUp(first.secret)).status, 404)
  assert.equal((await setUp(second.secret)).status, 201)
  assert.equal((await setUp(second.secret)).status, 409)
  await second.end()
  const third = await serveTrial(['--data', data])
  t.after(() => third.end('SIGKILL'))
  assert.equal(third.secret, undefined)
  await third.end()
})

test('a second process on a folder says in one sentence which one holds it', async (t) => {
  const data = join(scratchFolder(), 'data')
  const server = await serveTrial(['--data', data])
  t.after(() => server.end('SIGKILL'))
  for (const args of [
    ['serve', '--port', '0'],
    ['start', '--port', '0'],
    ['restore', 'x'],
  ]) {
    const { code, err } = await operate([...args, '--data', data])
    assert.notEqual(code, 0)
    if (args[0] === 'restore') continue
    assert.equal(code, 2)
    assert.match(err, new RegExp(`^postern: [^\\n]*process ${server.child.pid}[^\\n]*\\n$`))
  }
  assert.equal((await fetch(`${server.url}/health`)).status, 200)
  await server.end()
})

test('it is back within seconds, after a clean stop and after kill -9', async () => {
  const data = join(scratchFolder(), 'data')
  await (await serveTrial(['--data', data])).end()
  for (const [how, within] of [
    ['SIGTERM', 3000],
    ['SIGKILL', 10_000],
    ['SIGINT', 3000],
  ] as const) {
    const times: string[] = []
    let inTime = false
    for (let tries = 3; tries > 0 && !inTime; tries--) {
      const before = await serveTrial(['--data', data])
      await before.end(how)
      const slow = await slowness()
      const began = performance.now()
      const after = await serveTrial(['--data', data])
      const took = performance.now() - began
      const most = within * Math.max(slow, await slowness())
      await after.end()
      inTime = took < most
      times.push(`${Math.round(took)} of ${Math.round(most)} ms`)
    }
    assert.ok(inTime, `${how}: ${times.join(', ')}`)
  }
})

/** Beside other tests everything takes longer, also a process that only says that it was asked wrongly. */
async function slowness(): Promise<number> {
  const began = performance.now()
  assert.equal((await operate(['nothing'])).code, 2)
  return Math.max(1, (performance.now() - began) / 1000)
}

test('the server never loads what opens reports', async (t) => {
  const folder = scratchFolder()
  const list = join(folder, 'modules')
  const hook = join(folder, 'hook.mjs')
  writeFileSync(
    hook,
    `import { registerHooks } from 'node:module'
     import { appendFileSync } from 'node:fs'
     registerHooks({ load(url, context, next) { appendFileSync(${JSON.stringify(list)}, url + '\\n'); return next(url, context) } })`,
  )
  const env = { NODE_OPTIONS: `--import=${hook}` }
  const world = await newWorld(Date.now())
  const data = folderWithKey(folder, seedOf('server'))
  const server = await serveTrial(['--data', data, '--limits', 'off'], { env })
  t.after(() => server.end('SIGKILL'))
  const { secret } = server
  await postJson(server.url, '/api/v1/setup', { secret, batch: world.batch })
  const { request: report } = await newReport(world)
  assert.equal((await postJson(server.url, '/api/v1/reports', report)).status, 201)
  await server.end()
  for (const command of ['verify', 'doctor']) await operate([command, '--data', data], { env })
  await operate(['backup', join(folder, 'b'), '--data', data], { env })
  const modules = readFileSync(list, 'utf8').split('\n')
  assert.ok(
    modules.some((url) => url.endsWith('src/seal/sealed.ts')),
    'the list is a real one',
  )
  assert.ok(modules.length > 100)
  assert.deepEqual(
    modules.filter((url) => /unseal|src\/(client|cli)\//.test(url)),
    [],
  )
})

test('on a socket only this account can speak to it', async (t) => {
  const folder = scratchFolder()
  const socket = join(folder, 'desk.sock')
  const data = join(folder, 'data')
  const server = await serveTrial([
    '--data',
    data,
    '--socket',
    socket,
    '--url',
    'https://a.example',
  ])
  t.after(() => server.end('SIGKILL'))
  assert.equal(server.url, 'https://a.example')
  assert.equal(statSync(socket).mode & 0o777, 0o600)
  const { promise, resolve } = Promise.withResolvers<number | undefined>()
  request({ socketPath: socket, path: '/health', headers: { host: 'a.example' } }, (answer) => {
    assert.match(String(answer.headers['strict-transport-security']), /max-age=63072000/)
    resolve(answer.statusCode)
  }).end()
  assert.equal(await promise, 200)
  await server.end('SIGKILL')
  const again = await serveTrial(['--data', data, '--socket', socket])
  t.after(() => again.end('SIGKILL'))
  assert.equal(again.url, 'https://a.example', 'said once and kept')
  await again.end()
})

test('with a certificate it speaks TLS and nothing else', async (t) => {
  const folder = scratchFolder()
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  execFileSync(
    'openssl',
    'req -x509 -newkey ed25519 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost'
      .split(' ')
      .concat('-keyout', key, '-out', cert),
    { stdio: 'ignore' },
  )
  const data = join(folder, 'data')
  const server = await serveTrial(['--data', data, '--tls-cert', cert, '--tls-key', key])
  t.after(() => server.end('SIGKILL'))
  assert.match(server.url, /^https:\/\/localhost:\d+$/)
  const { promise, resolve, reject } = Promise.withResolvers<Record<string, unknown>>()
  get(`${server.url}/health`, { ca: readFileSync(cert) }, ({ headers }) => resolve(headers)).on(
    'error',
    reject,
  )
  assert.equal((await promise)['strict-transport-security'], 'max-age=63072000; includeSubDomains')
  await assert.rejects(fetch(server.url.replace('https:', 'http:')))
  await server.end()
  const wrong = await operate(['serve', '--data', data, '--tls-cert', key, '--tls-key', cert])
  assert.equal(wrong.code, 2)
})

test('without its database it says so to monitors, keeps reports, and files them when it is back', async (t) => {
  const folder = scratchFolder()
  const world = await newWorld(Date.now())
  const data = folderWithKey(folder, seedOf('server'))
  const server = await serveTrial(['--data', data, '--limits', 'off'])
  t.after(() => server.end('SIGKILL'))
  await postJson(server.url, '/api/v1/setup', { secret: server.secret, batch: world.batch })
  const { request: report } = await newReport(world)
  const postmaster = Number(
    readFileSync(join(data, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0],
  )
  process.kill(postmaster, 'SIGQUIT')
  const away = async () => (await fetch(`${server.url}/health`)).status === 503
  for (let left = 100; left > 0 && !(await away()); left--) await pause(10)
  const kept = await postJson(server.url, '/api/v1/reports', report)
  assert.equal(kept.status, 201)
  assert.deepEqual(await kept.json(), {}, 'kept in the journal: no receipt yet')
  for (let left = 100; left > 0 && (await away()); left--) await pause(100)
  for (let left = 100; left > 0; left--) {
    if (readdirSync(join(data, 'journal')).length === 0) break
    await pause(100)
  }
  const filed = await postJson(server.url, '/api/v1/reports', report)
  assert.ok('receipt' in ((await filed.json()) as object))
  await server.end()
  const { code } = await operate(['verify', '--data', data])
  assert.equal(code, 0)
})

test('of ten starts at once on one folder one serves, and the others name it', async (t) => {
  const data = join(scratchFolder(), 'data')
  const server = await serveTrial(['--data', data])
  await server.end('SIGKILL')
  const starts = await Promise.allSettled(
    Array.from({ length: 10 }, () => serveTrial(['--data', data])),
  )
  const [winner, ...more] = starts.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  assert.ok(winner)
  t.after(() => winner.end('SIGKILL'))
  assert.equal(more.length, 0)
  for (const one of starts)
    if (one.status === 'rejected') {
      assert.match(String(one.reason), /ended with 2/)
      assert.match(String(one.reason), new RegExp(`in use by process ${winner.child.pid} `))
    }
  await winner.end()
})

test('a database belongs to one server key, and another start cannot lock its server out', async (t) => {
  const house = await newHouse()
  t.after(() => house.database.close())
  const { host, user, database } = house.database.admin
  const url = `postgres://${user}@/${database}?host=${encodeURIComponent(host)}`
  const folder = scratchFolder()
  const data = folderWithKey(folder, seedOf('server'))
  const server = await serveTrial(['--data', data, '--database-url', url])
  t.after(() => server.end('SIGKILL'))
  assert.equal(server.secret, undefined, 'the desk in there is open')
  const other = join(folder, 'other')
  const refused = await operate(['serve', '--port', '0', '--data', other, '--database-url', url])
  assert.equal(refused.code, 5)
  assert.match(refused.err, /another server key/)
  assert.equal((await fetch(`${server.url}/health`)).status, 200)
  const { code } = await operate(['verify', '--data', data, '--database-url', url])
  assert.equal(code, 0)
  await server.end()
  // Without the URL an empty desk would begin beside the real one.
  const forgotten = await operate(['serve', '--port', '0', '--data', data])
  assert.equal(forgotten.code, 2)
  assert.match(forgotten.err, /DATABASE_URL/)
})
