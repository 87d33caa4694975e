import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type Endpoint, ENDPOINTS } from '#contract'
import { timeOf } from '#lexicon'
import { asOwner, newHouse } from '../../stories/house.ts'
import { ask, logInAs, openTrialDoor } from './trial-door.ts'

const house = await newHouse()
const { database, world, clock } = house
const door = await openTrialDoor(house)
after(async () => {
  await door.close()
  await database.close()
})
const session = await logInAs(door, world.desk, world.coordinator.signer, timeOf(clock()))

const ALL: readonly Endpoint[] = Object.values(ENDPOINTS)
const CHANGING = ALL.filter(({ method }) => method !== 'get')

async function rowsOfAll(): Promise<string> {
  const tables = await asOwner(
    house,
    `select table_schema || '."' || table_name || '"' as name from information_schema.tables
     where table_schema in ('ledger','identity','desk','intake','blobs','keys','post') order by 1`,
  )
  const counts: string[] = []
  for (const { name } of tables) {
    const [row] = await asOwner(house, `select count(*)::text as n from ${String(name)}`)
    counts.push(`${String(name)} ${String(row?.['n'])}`)
  }
  return counts.join('\n')
}

test('a foreign or missing origin changes nothing, whatever else is right', async () => {
  const before = await rowsOfAll()
  const foreign: Record<string, string>[] = [
    {},
    { origin: 'null' },
    { origin: 'https://evil.example' },
    { origin: `${door.origin}.evil.example` },
    { origin: door.origin.replace('http:', 'https:') },
    { origin: door.origin.toUpperCase() },
    { origin: `${door.origin}, https://evil.example` },
    { origin: door.origin, 'sec-fetch-site': 'cross-site' },
    { origin: door.origin, 'sec-fetch-site': 'same-site' },
    { referer: `${door.origin}/` },
  ]
  for (const { method, path, body } of CHANGING) {
    const type = body === 'bytes' ? 'application/octet-stream' : 'application/json'
    for (const headers of foreign) {
      const real = path.replace(/\{n\}/, '0').replace(/\{upload\}/, '0'.repeat(32))
      const sent = {
        ...headers,
        'content-type': type,
        authorization: `Bearer ${session}`,
        cookie: `__Host-postern=${session}`,
      }
      const url = real.replace(/\{\w+\}/g, '0'.repeat(64))
      const answer = await ask(door, method.toUpperCase(), url, sent, '{}')
      assert.equal(answer.status, 403, `${method} ${path} ${JSON.stringify(headers)}`)
      assert.equal((JSON.parse(answer.text) as { code: string }).code, 'wrong-origin')
    }
  }
  assert.equal(await rowsOfAll(), before)
})

test('our own origin passes, from a browser and from a program', async () => {
  for (const site of [{}, { 'sec-fetch-site': 'same-origin' }, { 'sec-fetch-site': 'none' }]) {
    const headers = { origin: door.origin, 'content-type': 'application/json', ...site }
    assert.equal((await ask(door, 'POST', '/api/v1/login/challenge', headers, '{}')).status, 200)
  }
})

test('a session comes by header or by the one cookie', async () => {
  const asked = (headers: Record<string, string>) => ask(door, 'GET', '/api/v1/cases', headers)
  assert.equal((await asked({ authorization: `Bearer ${session}` })).status, 200)
  assert.equal((await asked({ cookie: `a=b; __Host-postern=${session}` })).status, 200)
  assert.equal((await asked({ cookie: `postern=${session}` })).status, 401)
  const twice = `__Host-postern=${session}; __Host-postern=${session}`
  assert.equal((await asked({ cookie: twice })).status, 401)
})

test('a page asked at a number of this machine goes to localhost, with its path and query', async () => {
  const at = (path: string, host: string) => ask(door, 'GET', path, { host })
  for (const host of [`127.0.0.1:${door.port}`, `[::1]:${door.port}`, '127.0.0.1:1'])
    for (const path of [
      '/desk/case/2026-7F3KQ?a=b&c=%2F',
      '/report',
      '/join',
      '/setup',
      '/follow',
    ]) {
      const { status, headers } = await at(path, host)
      assert.deepEqual([status, headers['location']], [307, `${door.origin}${path}`], host)
    }
  for (const host of [
    `localhost:${door.port}`,
    'evil.example',
    '127.0.0.1.evil.example',
    '10.0.0.1',
  ])
    assert.equal((await at('/desk', host)).headers['location'], undefined, host)
  // A program that asks at a number gets its answer there.
  for (const path of ['/api/v1/desk', '/health', '/']) {
    const { status, headers } = await at(path, `127.0.0.1:${door.port}`)
    assert.deepEqual([status, headers['location']], [200, undefined], path)
  }
})
