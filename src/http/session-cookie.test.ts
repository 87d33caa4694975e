import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type Endpoint, type EndpointName, ENDPOINTS } from '#contract'
import { fileReport } from '#intake'
import { MINUTE, timeOf } from '#lexicon'
import { loginMessage, newCode, receiptKeys } from '#seal'
import { caseStatement, newReport } from '../../stories/drafts.ts'
import { memberVault, recoveryTicket } from '../../stories/enrolments.ts'
import { newHouse } from '../../stories/house.ts'
import { newAuthenticator } from '../../stories/software-authenticator.ts'
import { appendDesk } from '../../stories/world.ts'
import { type Answer, ask, logInAs, openTrialDoor, post } from './trial-door.ts'

const house = await newHouse()
const { database, world, clock } = house
const door = await openTrialDoor(house)
after(async () => {
  await door.close()
  await database.close()
})

const { coordinator } = world
const { who } = coordinator.signer
const JSON_TYPE = { origin: door.origin, 'content-type': 'application/json' }
const COOKIE = /^__Host-postern=([0-9a-f]{64}); Path=\/; Secure; HttpOnly; SameSite=Strict$/

const passkey = newAuthenticator(door.origin)
const words = newCode()
await enrol()

async function enrol(): Promise<void> {
  const session = await logInAs(door, world.desk, coordinator.signer, timeOf(clock()))
  const vault = await memberVault(world, coordinator, [], words)
  const put = { ...JSON_TYPE, authorization: `Bearer ${session}` }
  const deposit = JSON.stringify({ vault, recovery: recoveryTicket(world, words) })
  assert.equal((await ask(door, 'PUT', '/api/v1/me/vault', put, deposit)).status, 204)
  const registration = passkey.register(await nonce())
  const body = { registration, label: 'One', vault: await own() }
  assert.equal((await post(door, '/api/v1/me/passkeys', body, session)).status, 204)
}

async function own(): Promise<string> {
  return memberVault(world, coordinator, [passkey], words)
}

async function nonce(): Promise<string> {
  const { text } = await post(door, '/api/v1/login/challenge', {})
  return (JSON.parse(text) as { nonce: string }).nonce
}

/** Posts as a browser that has this cookie. */
function browse(path: string, body: unknown, token?: string): Promise<Answer> {
  const cookie = token === undefined ? {} : { cookie: `__Host-postern=${token}` }
  return ask(door, 'POST', path, { ...JSON_TYPE, ...cookie }, JSON.stringify(body))
}

async function statusOf(token: string): Promise<number> {
  const cookie = { cookie: `__Host-postern=${token}` }
  return (await ask(door, 'GET', '/api/v1/me', cookie)).status
}

function tokenIn({ headers }: Answer): string {
  const [, token] = COOKIE.exec(headers['set-cookie'] ?? '') ?? []
  assert.ok(token, headers['set-cookie'])
  return token
}

async function touch(token?: string): Promise<Answer> {
  const assertion = passkey.assert(await nonce())
  return browse('/api/v1/login/passkey', { assertion }, token)
}

async function sign(cookie: object) {
  const claim = { desk: world.desk, nonce: await nonce(), origin: door.origin }
  const time = timeOf(clock())
  const sig = await coordinator.signer.sign(loginMessage({ ...claim, time, who }))
  return { who, nonce: claim.nonce, time, sig, ...cookie }
}

test('a passkey login puts the session where no script finds it', async () => {
  const answer = await touch()
  assert.equal(answer.status, 200)
  const token = tokenIn(answer)
  assert.ok((answer.headers['set-cookie'] ?? '').length < 4096)
  assert.deepEqual(JSON.parse(answer.text), { who, vault: await stored(token) })
  assert.ok(!answer.text.includes(token))
  assert.equal(answer.headers['cache-control'], 'no-store')
  assert.equal(await statusOf(token), 200)
})

async function stored(token: string): Promise<string> {
  const { text } = await ask(door, 'GET', '/api/v1/me', { cookie: `__Host-postern=${token}` })
  return (JSON.parse(text) as { vault: string }).vault
}

test('a signature logs in by cookie where it is asked for, else by the answer', async () => {
  const kept = await browse('/api/v1/login', await sign({ cookie: true }))
  assert.equal(kept.text, '{}')
  assert.equal(await statusOf(tokenIn(kept)), 200)
  for (const cookie of [{}, { cookie: false }]) {
    const given = await browse('/api/v1/login', await sign(cookie))
    assert.equal(given.headers['set-cookie'], undefined)
    assert.match(given.text, /^\{"session":"[0-9a-f]{64}"\}$/)
  }
})

test('a step-up renews the cookie, or the token of a program, and the old one is dead', async () => {
  const token = tokenIn(await touch())
  const assertion = async () => ({ assertion: passkey.assert(await nonce()) })
  const renewed = await browse('/api/v1/login/proof', await assertion(), token)
  assert.equal(renewed.text, '{}')
  assert.notEqual(tokenIn(renewed), token)
  assert.equal(await statusOf(token), 401)
  assert.equal(await statusOf(tokenIn(renewed)), 200)

  const bearer = await logInAs(door, world.desk, coordinator.signer, timeOf(clock()))
  const given = await post(door, '/api/v1/login/proof', await assertion(), bearer)
  assert.equal(given.headers['set-cookie'], undefined)
  const { session } = JSON.parse(given.text) as { session: string }
  assert.equal(await statusOf(bearer), 401)
  assert.equal(await statusOf(session), 200)
})

test('a request that was on its way while the cookie was renewed does not take the new one along', async () => {
  const before = tokenIn(await touch())
  const renewed = await browse(
    '/api/v1/login/proof',
    { assertion: passkey.assert(await nonce()) },
    before,
  )
  const again = tokenIn(await touch(tokenIn(renewed)))
  for (const token of [before, tokenIn(renewed)]) {
    const late = await ask(door, 'GET', '/api/v1/me', { cookie: `__Host-postern=${token}` })
    assert.equal(late.status, 401)
    assert.equal(late.headers['set-cookie'], undefined, 'the browser has a living one by now')
  }
  assert.equal(await statusOf(again), 200)
})

test('a login ends the session whose cookie it came with; one that fails sets and ends nothing', async () => {
  const token = tokenIn(await touch())
  const failed = await browse(
    '/api/v1/login/passkey',
    { assertion: passkey.assert(await nonce(), { flags: 1 }) },
    token,
  )
  assert.equal(failed.status, 404)
  assert.equal(failed.headers['set-cookie'], undefined)
  assert.equal(await statusOf(token), 200)
  const next = tokenIn(await touch(token))
  assert.equal(await statusOf(token), 401)
  assert.equal(await statusOf(next), 200)
})

test('logging out ends the session and the cookie, and clears the cache', async () => {
  const token = tokenIn(await touch())
  const answer = await browse('/api/v1/logout', {}, token)
  assert.equal(answer.status, 204)
  assert.equal(
    answer.headers['set-cookie'],
    '__Host-postern=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0',
  )
  assert.equal(answer.headers['clear-site-data'], '"cache"')
  assert.equal(await statusOf(token), 401)
})

test('a cookie that names no session goes with the first answer that says so', async () => {
  const forgets = '__Host-postern=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0'
  const asked = (headers: Record<string, string>) => ask(door, 'GET', '/api/v1/me', headers)
  const ended = tokenIn(await touch())
  await browse('/api/v1/logout', {}, ended)
  const idle = tokenIn(await touch())
  world.now += 16 * MINUTE
  const dead = [ended, idle, '0'.repeat(64), 'no token', `0; __Host-postern=${'0'.repeat(64)}`]
  for (const token of dead) {
    const { status, headers } = await asked({ cookie: `__Host-postern=${token}` })
    assert.equal(status, 401, token)
    assert.equal(headers['set-cookie'], forgets, token)
    assert.equal(headers['clear-site-data'], undefined, token)
  }
  assert.equal((await browse('/api/v1/logout', {}, ended)).headers['set-cookie'], forgets)

  // Not the cookie that lives, not where a token was meant, and not where there is none.
  const alive = tokenIn(await touch())
  assert.equal(
    (await asked({ cookie: `__Host-postern=${alive}` })).headers['set-cookie'],
    undefined,
  )
  const foreign = await browse('/api/v1/cases/count', {}, alive)
  assert.equal(foreign.headers['set-cookie'], undefined, 'another refusal is no logout')
  const program = { authorization: `Bearer ${ended}`, cookie: `__Host-postern=${alive}` }
  for (const headers of [program, {}, { cookie: 'other=1' }]) {
    const answer = await asked(headers)
    assert.equal(answer.status, 401)
    assert.equal(answer.headers['set-cookie'], undefined)
  }
})

test('a reporter never gets a cookie', async () => {
  const { request, code } = await newReport(world)
  await fileReport(door.rooms.intake, request)
  const { lookup, auth } = receiptKeys(code, world.desk)
  const answer = await post(door, '/api/v1/follow', { lookup, auth })
  assert.equal(answer.status, 200)
  assert.equal(answer.headers['set-cookie'], undefined)
})

test('six minutes after a login whatever changes people or keys asks for a touch, and then goes on', async () => {
  const fresh = (Object.keys(ENDPOINTS) as EndpointName[]).filter((name) => {
    const endpoint: Endpoint = ENDPOINTS[name]
    return endpoint.fresh === true
  })
  assert.ok(fresh.length >= 6)
  let token = tokenIn(await touch())
  const tried = async (name: EndpointName): Promise<string> => {
    const { method, path } = ENDPOINTS[name]
    const url = path.replace(/\{\w+\}/g, '0'.repeat(64))
    const headers = { ...JSON_TYPE, cookie: `__Host-postern=${token}` }
    const { text } = await ask(door, method.toUpperCase(), url, headers, '{}')
    return text === '' ? '' : (JSON.parse(text) as { code: string }).code
  }
  for (const name of fresh) assert.notEqual(await tried(name), 'not-fresh', name)
  world.now += 6 * MINUTE
  for (const name of fresh) assert.equal(await tried(name), 'not-fresh', name)
  const refused = await browse('/api/v1/me/passkeys/remove', {}, token)
  assert.equal(refused.status, 403)
  const assertion = passkey.assert(await nonce())
  token = tokenIn(await browse('/api/v1/login/proof', { assertion }, token))
  for (const name of fresh) assert.notEqual(await tried(name), 'not-fresh', name)
})

test('a beat and the daily work need no touch; the desk’s people and the end of a case do', async () => {
  const { draft, request } = await newReport(world, { name: 'Reporter 2' })
  await fileReport(door.rooms.intake, request)
  const token = tokenIn(await touch())
  world.now += 6 * MINUTE
  const codeOf = async (path: string, batch: readonly unknown[]): Promise<string> => {
    const { status, text } = await browse(path, { batch }, token)
    return status === 200 ? 'done' : (JSON.parse(text) as { code: string }).code
  }
  const desk = '/api/v1/desk/statements'
  await appendDesk(world, coordinator.signer, { type: 'desk.beat' })
  assert.equal(await codeOf(desk, world.batch.slice(-1)), 'done')
  const kept = { batch: world.batch.length, directory: world.directory }
  await appendDesk(world, coordinator.signer, { type: 'desk.rules', sha256: '0'.repeat(64) })
  assert.equal(await codeOf(desk, world.batch.slice(-1)), 'not-fresh')
  world.batch.splice(kept.batch)
  world.directory = kept.directory
  const on = `/api/v1/cases/${draft.id}/statements`
  const acts = async (own: Parameters<typeof caseStatement>[3]) =>
    codeOf(on, [await caseStatement(world, draft, coordinator.signer, own)])
  assert.equal(await acts({ type: 'case.ack' }), 'done')
  const review = { type: 'case.review', decision: 'destroy', until: '' } as const
  assert.equal(await acts(review), 'not-fresh')
})

test('a passkey that is refused says why, in one sentence', async () => {
  const token = tokenIn(await touch())
  const { register } = newAuthenticator(door.origin)
  for (const [registration, detail] of [
    [register(await nonce(), { flags: 1 | 64 }), 'This passkey asks for no PIN, finger or face.'],
    [register('0'.repeat(64)), 'This passkey was not made for this desk just now.'],
    [register('0'.repeat(64), { flags: 65 }), 'This passkey was not made for this desk just now.'],
  ] as const) {
    const body = { registration, label: 'Two', vault: await own() }
    const { status, text } = await browse('/api/v1/me/passkeys', body, token)
    assert.equal(status, 422)
    const problem = JSON.parse(text) as Record<string, unknown>
    assert.equal(problem['check'], 'passkey')
    assert.equal(problem['detail'], detail)
  }
})

test('nothing of all this was unforeseen', () => {
  assert.deepEqual(door.failures, [])
})
