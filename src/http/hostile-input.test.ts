import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type EndpointName, ENDPOINTS, PROBLEMS } from '#contract'
import { LIMITS, timeOf } from '#lexicon'
import { newReport } from '../../stories/drafts.ts'
import { newHouse } from '../../stories/house.ts'
import { ask, logInAs, openTrialDoor, post } from './trial-door.ts'

const house = await newHouse()
const { database, world, clock } = house
const door = await openTrialDoor(house)
after(async () => {
  await door.close()
  await database.close()
})
const session = await logInAs(door, world.desk, world.coordinator.signer, timeOf(clock()))
const maintainer = await logInAs(door, world.desk, world.maintainer.signer, timeOf(clock()))

const JSON_TYPE = { origin: door.origin, 'content-type': 'application/json' }
const FOLLOW = '/api/v1/follow'
const ticket = { lookup: '0'.repeat(32), auth: '0'.repeat(64) }

/** Everything that a stranger could learn from an error and must not (R11). */
const TELLTALE = /\bat \S+:\d+|Error:|node_modules|postgres|kysely|hono|src\/|\/work|v\d+\.\d+/i

async function demandProblem(answer: Promise<{ status: number; text: string }>, code: string) {
  const { status, text } = await answer
  const problem = JSON.parse(text) as { code: string; status: number }
  assert.equal(problem.code, code, text)
  assert.equal(status, problem.status)
  assert.doesNotMatch(text, TELLTALE)
}

test('bodies that are not what they say are refused in one sentence', async () => {
  const bodies: (string | Uint8Array)[] = [
    '',
    '{',
    'null',
    '[]',
    '"text"',
    '{"lookup":1,"auth":2}',
    JSON.stringify([ticket]),
    JSON.stringify({ ...ticket, more: true }),
    `{"__proto__":{"admin":true},"lookup":"${ticket.lookup}","auth":"${ticket.auth}"}`,
    `{"constructor":{"prototype":{}},"lookup":"${ticket.lookup}","auth":"${ticket.auth}"}`,
    `{"lookup":"${ticket.lookup}","lookup":"${ticket.lookup}","auth":"${ticket.auth}"}`,
    `{"lookup":"${ticket.lookup}","lo\\u006fkup":"${ticket.lookup}","auth":"${ticket.auth}"}`,
    `\uFEFF${JSON.stringify(ticket)}`,
    Uint8Array.of(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d),
    '['.repeat(100_000),
    `${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}`,
  ]
  for (const body of bodies)
    await demandProblem(ask(door, 'POST', FOLLOW, JSON_TYPE, body), 'malformed')
  assert.equal(Reflect.get({}, 'admin'), undefined)
})

test('too much is refused before it is read, and while it is read', async () => {
  const large = 'x'.repeat(LIMITS.request + 1)
  await demandProblem(ask(door, 'POST', FOLLOW, JSON_TYPE, large), 'too-large')
  const chunked = { ...JSON_TYPE, 'transfer-encoding': 'chunked' }
  await demandProblem(ask(door, 'POST', FOLLOW, chunked, large), 'too-large')
  const opened = await post(door, '/api/v1/uploads', {})
  const { upload } = JSON.parse(opened.text) as { upload: string }
  const bytes = { origin: door.origin, 'content-type': 'application/octet-stream' }
  const piece = new Uint8Array(LIMITS.piece + 1)
  await demandProblem(
    ask(door, 'PUT', `/api/v1/uploads/${upload}/pieces/0`, bytes, piece),
    'too-large',
  )
})

test('another content type is refused: a form of another site cannot send JSON', async () => {
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', ''])
    await demandProblem(
      ask(
        door,
        'POST',
        FOLLOW,
        { origin: door.origin, 'content-type': type },
        JSON.stringify(ticket),
      ),
      'wrong-type',
    )
  const charset = { origin: door.origin, 'content-type': 'application/json; charset=utf-8' }
  await demandProblem(ask(door, 'POST', FOLLOW, charset, JSON.stringify(ticket)), 'not-found')
})

test('addresses that are too long, doubled or unknown are refused', async () => {
  await demandProblem(ask(door, 'GET', `/${'a'.repeat(5000)}`), 'malformed')
  await demandProblem(ask(door, 'GET', `/api/v1/desk?${'a'.repeat(5000)}`), 'malformed')
  const chain = '/api/v1/desk/statements'
  for (const query of ['', '?after=', '?after=x', '?after=1.5', '?after=-2', '?after=0&after=1'])
    await demandProblem(ask(door, 'GET', `${chain}${query}`), 'malformed')
  for (const query of ['?after=-1&more=1', '?after[]=1', '?__proto__=1&after=1'])
    await demandProblem(ask(door, 'GET', `${chain}${query}`), 'malformed')
  await demandProblem(ask(door, 'GET', '/api/v1/desk?a=1'), 'malformed')
  assert.equal((await ask(door, 'GET', `${chain}?after=-1`)).status, 200)
})

test('unknown and forbidden are the same bytes', async () => {
  const { request, draft } = await newReport(world)
  assert.equal((await post(door, '/api/v1/reports', request)).status, 201)
  const own = request.vault
  assert.ok(own)
  const answers = await Promise.all([
    post(door, FOLLOW, ticket),
    post(door, FOLLOW, { lookup: own.lookup, auth: '0'.repeat(64) }),
    post(door, '/api/v1/invitations/check', ticket),
    post(door, '/api/v1/invitations/join', { ...ticket, ...joining() }),
    ask(door, 'GET', `/api/v1/cases/${draft.id}/statements?after=-1`, bearer(maintainer)),
    ask(door, 'GET', `/api/v1/cases/${'0'.repeat(64)}/statements?after=-1`, bearer(maintainer)),
    ask(door, 'GET', `/api/v1/cases/${'0'.repeat(64)}/statements?after=-1`, bearer(session)),
    ask(door, 'GET', '/api/v1/cases/zz/statements?after=-1', bearer(session)),
    ask(door, 'GET', `/api/v1/desk/wraps/${'0'.repeat(64)}`, bearer(session)),
    ask(door, 'GET', '/api/v1/invitations', bearer(maintainer)),
    post(door, '/api/v1/login', {
      who: world.coordinator.signer.who,
      nonce: '0'.repeat(64),
      time: timeOf(clock()),
      sig: '0'.repeat(128),
    }),
    ask(door, 'GET', '/.git/config'),
  ])
  const [first] = answers
  assert.equal(first?.status, PROBLEMS['not-found'].status)
  const bare = ({ status, text, headers }: (typeof answers)[number]) => {
    const { date: _, ...rest } = headers
    return { status, text, rest }
  }
  for (const answer of answers) assert.deepEqual(bare(answer), bare(first))
})

test('without a session every address that asks for one gives one answer', async () => {
  const asking = (Object.keys(ENDPOINTS) as EndpointName[]).filter(
    (name) => ENDPOINTS[name].caller !== 'anyone',
  )
  assert.ok(asking.length >= 10)
  for (const name of asking) {
    const { method, path } = ENDPOINTS[name]
    const real = path.replace(/\{n\}/, '0').replace(/\{\w+\}/g, '0'.repeat(64))
    for (const authorization of ['', 'Bearer x', `Bearer ${'0'.repeat(64)}`, `bearer ${session}`]) {
      const headers = { ...JSON_TYPE, authorization }
      await demandProblem(ask(door, method.toUpperCase(), real, headers), 'not-logged-in')
    }
  }
})

test('nothing of all this was unforeseen', () => {
  assert.deepEqual(door.failures, [])
})

function bearer(token: string) {
  return { authorization: `Bearer ${token}` }
}

function joining() {
  const zeros = '0'.repeat(128)
  const { who } = world.second.signer
  return { who, enc: world.second.key.cert, handle: 'x', join: zeros, mac: '0'.repeat(64) }
}
