import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { DAY, hexOfBytes, HOUR, SECOND, timeOf } from '#lexicon'
import { type Code, loginMessage, newCode, recoveryKeys } from '#seal'
import { memberVault, recoveryTicket } from '../../stories/enrolments.ts'
import { asOwner, keepDeskChain, newHouse } from '../../stories/house.ts'
import { newAuthenticator } from '../../stories/software-authenticator.ts'
import { type Actor, admit, newActor, renewDeskKeys, revoke } from '../../stories/world.ts'
import { askChallenge } from './challenge.ts'
import { logIn } from './log-in.ts'
import { addPasskey, putVault, readSelf } from './own-ways.ts'
import { askRecovery, listRecoveries, releaseRecovery, withdrawRecovery } from './recovery.ts'
import { sweepSessions } from './sweep.ts'
import { sessionNow, trialIdentity } from './trial-identity.ts'

const house = await newHouse()
const { world, database } = house
const deps = trialIdentity(house)
after(() => database.close())
const { coordinator, second, maintainer } = world
const words = newCode()
const { lookup, auth } = recoveryKeys(words, world.desk)
const vault = await memberVault(world, coordinator, [], words)
await putVault(deps, sessionNow(deps, coordinator.signer.who), {
  vault,
  recovery: recoveryTicket(world, words),
})

beforeEach(() => asOwner(house, 'truncate identity.recovery_request, post.outbox'))

const ask = () => askRecovery(deps, { lookup, auth })
const by = ({ signer }: Actor) => sessionNow(deps, signer.who)
const release = (actor: Actor) => releaseRecovery(deps, by(actor), coordinator.signer.who)

async function notices(): Promise<unknown> {
  const text = `select count(*)::int as n from post.outbox where kind = 'recovery' and about = decode($1, 'hex')`
  return (await asOwner(house, text, [coordinator.signer.who]))[0]?.['n']
}

test('the words alone give nothing; another coordinator releases the vault, for a day', async () => {
  assert.deepEqual(await ask(), { opens: '' })
  assert.deepEqual(await ask(), { opens: '' })
  assert.equal(await notices(), 1, 'asking twice tells everybody once')
  const waiting = [{ who: coordinator.signer.who, asked: timeOf(world.now), released: false }]
  assert.deepEqual(await listRecoveries(deps), waiting)
  world.now += 3 * DAY
  assert.deepEqual(await ask(), { opens: '' }, 'time opens nothing where somebody could')
  assert.equal(await release(coordinator), false, 'nobody releases their own')
  assert.equal(await release(second), true)
  assert.equal(await release(second), false)
  assert.equal((await listRecoveries(deps))[0]?.released, true)
  assert.deepEqual(await ask(), { opens: '', vault })
  world.now += DAY - SECOND
  assert.deepEqual(await ask(), { opens: '', vault })
  world.now += SECOND
  assert.deepEqual(await ask(), { opens: '' }, 'and then it begins anew')
  assert.equal(await notices(), 2)
  assert.equal((await listRecoveries(deps))[0]?.released, false)
})

test('of many who ask at once one begins the request, and everybody is told once', async () => {
  const asked = await Promise.all(Array.from({ length: 20 }, ask))
  for (const answer of asked) assert.deepEqual(answer, { opens: '' })
  assert.equal(await notices(), 1)
  assert.equal((await listRecoveries(deps)).length, 1)
})

test('unknown words, wrong ones and those of no member get the same nothing, and ask for nothing', async () => {
  const zeros = '0'.repeat(64)
  assert.equal(await askRecovery(deps, { lookup, auth: zeros }), null)
  assert.equal(await askRecovery(deps, { lookup: zeros.slice(32), auth }), null)
  const guest = await newActor('Guest 1')
  const own = newCode()
  await putVault(deps, by(guest), {
    vault: await memberVault(world, guest, [], own),
    recovery: recoveryTicket(world, own),
  })
  const keys = recoveryKeys(own, world.desk)
  const tries = () => askRecovery(deps, { lookup: keys.lookup, auth: keys.auth })
  assert.equal(await tries(), null, 'not admitted')
  await admit(world, coordinator.signer, guest, ['guest'])
  await keepDeskChain(house)
  assert.deepEqual(await tries(), { opens: '' })
  await revoke(world, coordinator.signer, guest)
  await keepDeskChain(house)
  assert.equal(await tries(), null, 'revoked')
})

test('neither the words nor their auth is stored', async () => {
  const [row] = await asOwner(
    house,
    `select encode(auth_hash, 'hex') as kept from identity.recovery where lookup = decode($1, 'hex')`,
    [lookup],
  )
  assert.match(String(row?.['kept']), /^[0-9a-f]{64}$/)
  assert.notEqual(row?.['kept'], auth)
  assert.notEqual(row?.['kept'], hexOfBytes(words.entropy))
})

async function comeIn(): Promise<void> {
  const { signer } = coordinator
  const { nonce } = await askChallenge(deps)
  const claim = { desk: world.desk, nonce, origin: deps.origin, time: timeOf(world.now) }
  const sig = await signer.sign(loginMessage({ ...claim, who: signer.who }))
  assert.ok(await logIn(deps, { who: signer.who, nonce, time: claim.time, sig }))
}

test('a login ends no request: it may be a thief’s, and the owner waits for their release', async () => {
  await ask()
  await comeIn()
  assert.equal((await listRecoveries(deps)).length, 1)
  assert.equal(await release(second), true)
  await comeIn()
  assert.deepEqual(await ask(), { opens: '', vault })
})

test('each step stands in the ledger, with whose keys and by whom', async () => {
  const before = (await events()).length
  const told = async () => (await events()).slice(before)
  await ask()
  await ask()
  await release(second)
  await ask()
  await ask()
  await withdrawRecovery(deps, by(coordinator))
  const released = `released by ${second.signer.who}`
  assert.deepEqual(await told(), ['asked', released, 'given', 'given', 'withdrawn'])
  await renew(newCode())
  assert.deepEqual((await told()).at(-1), 'renewed')
  // What did nothing says nothing.
  assert.equal(await release(second), false)
  assert.equal(await withdrawRecovery(deps, by(coordinator)), false)
  assert.equal(await askRecovery(deps, { lookup, auth: '0'.repeat(64) }), null)
  assert.equal((await told()).length, 6)
  await renew(words)
})

test('the owner withdraws what somebody else asked; a release that comes later opens nothing', async () => {
  await ask()
  assert.equal(await withdrawRecovery(deps, by(second)), false, 'nobody withdraws for another')
  assert.equal(await withdrawRecovery(deps, by(coordinator)), true)
  assert.deepEqual(await listRecoveries(deps), [])
  assert.equal(await release(second), false)
  assert.equal((await self()).renew, true, 'somebody has the words')
  assert.deepEqual(await ask(), { opens: '' }, 'and begins anew, in sight of all')
  assert.equal(await notices(), 2)
})

test('words that opened a vault are replaced before anything that lasts', async () => {
  const fresh = newCode()
  await renew(words)
  assert.equal((await self()).renew, false)
  await ask()
  assert.equal((await self()).renew, false, 'asking alone gave nothing out')
  assert.ok((await self()).request)
  await release(second)
  assert.ok((await ask())?.vault)
  assert.equal((await self()).renew, true)

  const passkey = newAuthenticator(deps.origin)
  const adding = async () => {
    const registration = passkey.register((await askChallenge(deps)).nonce)
    const opened = await memberVault(world, coordinator, [passkey], fresh)
    return addPasskey(deps, by(coordinator), { registration, label: 'One', vault: opened })
  }
  await assert.rejects(adding(), { code: 'must-renew' })
  await assert.rejects(putVault(deps, by(coordinator), deposit(words, vault)), { code: 'conflict' })
  assert.equal((await self()).renew, true, 'the old ones do not pass for new ones')

  await renew(fresh)
  const { renew: still, request } = await self()
  assert.deepEqual({ still, request }, { still: false, request: undefined })
  assert.equal(await ask(), null, 'the old paper opens and asks nothing')
  await adding()
  await asOwner(house, 'truncate identity.passkey')
  await renew(words)
})

const self = () => readSelf(deps, by(coordinator))
const deposit = (code: Code, text: string) => ({
  vault: text,
  recovery: recoveryTicket(world, code),
})

async function renew(code: Code): Promise<void> {
  const own = code === words ? vault : await memberVault(world, coordinator, [], code)
  await asOwner(house, 'update identity.recovery set replace_since = null where $1', [
    code === words,
  ])
  await putVault(deps, by(coordinator), deposit(code, own))
}

async function events(): Promise<string[]> {
  const rows = await asOwner(
    house,
    `select head::jsonb->>'note' as note from ledger.entry
     where type = 'ledger.event' and head::jsonb->>'kind' = 'recovery' and head::jsonb->>'about' = $1
     order by seq`,
    [coordinator.signer.who],
  )
  return rows.map(({ note }) => String(note))
}

test('nobody can release what nobody asked for, or what waits for too long', async () => {
  assert.equal(await release(second), false)
  await ask()
  world.now += 7 * DAY
  assert.deepEqual(await listRecoveries(deps), [])
  assert.equal(await release(second), false)
  await sweepSessions(deps)
  world.now += SECOND
  await sweepSessions(deps)
  const [left] = await asOwner(house, 'select count(*)::int as n from identity.recovery_request')
  assert.equal(left?.['n'], 0)
})

test('known words with a wrong auth and unknown words take the same time (N15)', async () => {
  const zeros = '0'.repeat(64)
  const took: (readonly [number, boolean])[] = []
  for (let n = 0; n < 440; n++) {
    const known = n % 2 === 0
    const tried = known ? lookup : hexOfBytes(deps.random(16))
    const began = performance.now()
    assert.equal(await askRecovery(deps, { lookup: tried, auth: zeros }), null)
    if (n >= 40) took.push([performance.now() - began, known])
  }
  const ranks = took.toSorted(([a], [b]) => a - b)
  const sum = ranks.reduce((total, [, one], rank) => total + (one ? rank + 1 : 0), 0)
  const each = took.length / 2
  const mean = (each * (took.length + 1)) / 2
  const deviations = (sum - mean) / Math.sqrt((each * each * (took.length + 1)) / 12)
  // Mann-Whitney: beyond 4 deviations chance is out of the question.
  assert.ok(Math.abs(deviations) < 4, `${deviations} deviations`)
})

// The last: from here on there is one coordinator.
test('where nobody could release it, three days pass, and everybody is told', async () => {
  await revoke(world, world.root, second)
  await renewDeskKeys(world, coordinator)
  await keepDeskChain(house)
  const opens = timeOf(world.now + 72 * HOUR)
  assert.deepEqual(await ask(), { opens })
  assert.equal(await notices(), 1)
  world.now += 72 * HOUR - SECOND
  assert.deepEqual(await ask(), { opens })
  world.now += SECOND
  assert.deepEqual(await ask(), { opens, vault })
  world.now += DAY
  assert.deepEqual(await ask(), { opens: timeOf(world.now + 72 * HOUR) }, 'and then anew')
  // Whoever found the paper of somebody who is here waits for as long as they come.
  world.now += 71 * HOUR
  await comeIn()
  world.now += 2 * HOUR
  assert.deepEqual(await ask(), { opens: timeOf(world.now + 70 * HOUR) }, 'the three days run anew')
  // Once it was given, a login of the person who came by it does not shut it again.
  world.now += 70 * HOUR
  assert.ok((await ask())?.vault)
  await comeIn()
  assert.ok((await ask())?.vault)
  assert.equal(await release(coordinator), false, 'nor does the one who is left release their own')
  assert.equal(await release(maintainer), true, 'who may call this at all is asked at the door')
})
