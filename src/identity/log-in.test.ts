import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { DAY, hexOfBytes, HOUR, MINUTE, SECOND, timeOf } from '#lexicon'
import { loginMessage, type LoginClaim, readHead, receiptKeys, type Signer } from '#seal'
import { newReport } from '../../stories/drafts.ts'
import { asOwner, newHouse } from '../../stories/house.ts'
import { newSigner } from '../../stories/world.ts'
import { askChallenge } from './challenge.ts'
import { logOut } from './end-sessions.ts'
import { openReporterSession } from './follow.ts'
import { logIn } from './log-in.ts'
import { isCoordinatorSession, openSession, sessionOf } from './session.ts'
import { sweepSessions } from './sweep.ts'
import { trialIdentity } from './trial-identity.ts'

const house = await newHouse()
const { world, database } = house
const deps = trialIdentity(house)
after(() => database.close())

async function claim(signer: Signer, change: Partial<LoginClaim> = {}) {
  const { nonce } = await askChallenge(deps)
  const who = signer.who
  const time = timeOf(world.now)
  const own = { desk: world.desk, nonce, origin: deps.origin, time, who, ...change }
  return {
    who: own.who,
    nonce: own.nonce,
    time: own.time,
    sig: await signer.sign(loginMessage(own)),
  }
}

test('a signature over our challenge opens a session, and stands in the ledger', async () => {
  const { signer } = world.coordinator
  const token = await logIn(deps, await claim(signer))
  assert.ok(token)
  const session = await sessionOf(deps, token)
  const { id, ...rest } = session ?? { id: '' }
  const proved = world.now
  assert.deepEqual(rest, { kind: 'member', who: signer.who, way: 'key', proved })
  assert.match(id, /^[0-9a-f]{32}$/)
  assert.ok(session && (await isCoordinatorSession(deps, session)))
  const newest = await deps.db
    .selectFrom('ledger.entry')
    .select(['head', 'sig'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow()
  const head = readHead({ head: newest.head, sig: '0'.repeat(128) }, 'ledger')
  assert.equal(head.type, 'ledger.event')
  assert.ok(head.type === 'ledger.event' && head.kind === 'login' && head.about === signer.who)
})

test('every wrong claim gets the same nothing', async () => {
  const { signer } = world.coordinator
  const stranger = await newSigner('nobody')
  const wrong = [
    await claim(stranger),
    await claim(world.root),
    await claim(signer, { desk: '0'.repeat(64) }),
    await claim(signer, { origin: 'https://evil.example' }),
    await claim(signer, { nonce: '0'.repeat(64) }),
    await claim(signer, { time: timeOf(world.now - 61 * SECOND) }),
    await claim(signer, { time: timeOf(world.now + 61 * SECOND) }),
    { ...(await claim(signer)), who: world.second.signer.who },
    { ...(await claim(signer)), sig: '0'.repeat(128) },
  ]
  for (const one of wrong) assert.equal(await logIn(deps, one), null)
})

test('a challenge is used once, also when two use it at once, and dies after five minutes', async () => {
  const one = await claim(world.coordinator.signer)
  const tokens = await Promise.all([logIn(deps, one), logIn(deps, one), logIn(deps, one)])
  assert.equal(tokens.filter((token) => token !== null).length, 1)
  const { signer } = world.coordinator
  const old = async (age: number) => {
    const { nonce } = await askChallenge(deps)
    world.now += age
    const own = { desk: world.desk, nonce, origin: deps.origin, who: signer.who }
    const time = timeOf(world.now)
    const sig = await signer.sign(loginMessage({ ...own, time }))
    return logIn(deps, { who: signer.who, nonce, time, sig })
  }
  assert.ok(await old(5 * MINUTE - SECOND))
  assert.equal(await old(5 * MINUTE), null)
  // The claim itself ages faster than its challenge.
  const late = await claim(signer)
  world.now += MINUTE + SECOND
  assert.equal(await logIn(deps, late), null)
})

test('a session ends when it idles and when it is old, a coordinator’s earlier', async () => {
  const lives = [
    { who: world.coordinator.signer.who, idle: 15 * MINUTE, whole: 12 * HOUR },
    { who: world.maintainer.signer.who, idle: HOUR, whole: DAY },
  ]
  for (const { who, idle, whole } of lives) {
    const token = await openSession(deps, deps.db, { kind: 'member', who, way: 'key' })
    const began = world.now
    while (world.now - began < whole - idle) {
      world.now += idle - MINUTE
      assert.ok(await sessionOf(deps, token), 'it lives as long as it is used')
    }
    world.now = began + whole
    assert.equal(await sessionOf(deps, token), undefined)
    const idling = await openSession(deps, deps.db, { kind: 'member', who, way: 'key' })
    world.now += idle
    assert.equal(await sessionOf(deps, idling), undefined)
    assert.equal(await sessionOf(deps, idling), undefined)
  }
})

test('logging out ends the session at once', async () => {
  const who = world.coordinator.signer.who
  const token = await openSession(deps, deps.db, { kind: 'member', who, way: 'key' })
  await logOut(deps, token)
  assert.equal(await sessionOf(deps, token), undefined)
  assert.equal(await sessionOf(deps, '0'.repeat(64)), undefined)
})

test('only hashes of tokens and challenges are stored', async () => {
  const who = world.coordinator.signer.who
  const token = await openSession(deps, deps.db, { kind: 'member', who, way: 'key' })
  const { nonce } = await askChallenge(deps)
  const rows = await asOwner(
    house,
    `select encode(token_hash, 'hex') as kept from identity.session
     union all select encode(nonce_hash, 'hex') from identity.challenge`,
  )
  assert.ok(rows.length >= 2)
  for (const { kept } of rows) assert.ok(kept !== token && kept !== nonce)
})

test('the sweep takes what nobody can use again', async () => {
  world.now += 2 * DAY
  await openSession(deps, deps.db, {
    kind: 'member',
    who: world.coordinator.signer.who,
    way: 'key',
  })
  await sweepSessions(deps)
  const count = async (table: string) =>
    (await asOwner(house, `select count(*)::int as n from identity.${table}`))[0]?.['n']
  assert.equal(await count('session'), 1)
  assert.equal(await count('challenge'), 0)
})

test('the twelve words bring a reporter back; a wrong auth is as unknown as an unknown lookup', async () => {
  const { request, draft, code } = await newReport(world)
  const { vault } = request
  assert.ok(vault)
  const who = draft.reporter.signer.who
  await asOwner(
    house,
    `insert into keys.vault (lookup, auth_hash, case_id, who, vault)
     values (decode($1,'hex'), decode($2,'hex'), decode($3,'hex'), decode($4,'hex'), $5)`,
    [vault.lookup, vault.auth_hash, draft.id, who, vault.vault],
  )
  const { lookup, auth } = receiptKeys(code, world.desk)
  const back = await openReporterSession(deps, { lookup, auth })
  assert.equal(back?.case, draft.id)
  assert.equal(back?.vault, vault.vault)
  const session = await sessionOf(deps, back?.session ?? '')
  assert.ok(session?.kind === 'reporter' && session.who === who && session.caseId === draft.id)
  const zeros = '0'.repeat(64)
  assert.equal(await openReporterSession(deps, { lookup, auth: zeros }), null)
  assert.equal(await openReporterSession(deps, { lookup: zeros.slice(32), auth }), null)
})

test('a known lookup and an unknown one take the same time (N15)', async () => {
  const known = await deps.db.selectFrom('keys.vault').select('lookup').executeTakeFirstOrThrow()
  const auth = '0'.repeat(64)
  const took: (readonly [number, boolean])[] = []
  for (let n = 0; n < 440; n++) {
    // Turn by turn, so that whatever else this machine does falls on both.
    const right = n % 2 === 0
    const lookup = right ? hexOfBytes(known.lookup) : hexOfBytes(deps.random(16))
    const began = performance.now()
    assert.equal(await openReporterSession(deps, { lookup, auth }), null)
    if (n >= 40) took.push([performance.now() - began, right])
  }
  const ranks = took.toSorted(([a], [b]) => a - b)
  const sum = ranks.reduce((total, [, right], rank) => total + (right ? rank + 1 : 0), 0)
  const each = took.length / 2
  const mean = (each * (took.length + 1)) / 2
  const deviation = Math.sqrt((each * each * (took.length + 1)) / 12)
  // Mann-Whitney: beyond 4 deviations chance is out of the question.
  assert.ok(Math.abs(sum - mean) / deviation < 4, `${(sum - mean) / deviation} deviations`)
})
