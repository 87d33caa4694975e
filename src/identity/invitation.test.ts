import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { HOUR, timeOf } from '#lexicon'
import { enrolmentOf } from '../../stories/enrolments.ts'
import { asOwner, newHouse } from '../../stories/house.ts'
import { answerOf, type InvitationKeys, newInvitation } from '../../stories/invitations.ts'
import { appendDesk, newActor } from '../../stories/world.ts'
import { newAuthenticator } from '../../stories/software-authenticator.ts'
import { acceptDeskBatch } from './append-to-desk.ts'
import { askChallenge } from './challenge.ts'
import { checkInvitation, invite, join, listInvitations, withdrawInvitation } from './invitation.ts'
import { logInByPasskey } from './log-in-by-passkey.ts'
import { sessionNow, trialIdentity } from './trial-identity.ts'

const house = await newHouse()
const { world, database } = house
const deps = trialIdentity(house)
after(() => database.close())
const by = sessionNow(deps, world.coordinator.signer.who)

async function invited(lives = 72 * HOUR) {
  const made = await newInvitation(world, lives)
  return { ...made, ...(await invite(deps, by, made.asked)) }
}

async function answer(keys: InvitationKeys, name: string) {
  return answerOf(world, keys, await newActor(name))
}

test('of twenty answers at once exactly one is taken, and it is the one that is listed', async () => {
  const { keys } = await invited()
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) => answer(keys, `Volunteer ${n}`)),
  )
  const taken = await Promise.all(answers.map((one) => join(deps, one)))
  assert.equal(taken.filter(Boolean).length, 1)
  const winner = answers[taken.indexOf(true)]
  const listed = (await listInvitations(deps)).find(({ lookup }) => lookup === keys.lookup)
  assert.equal(listed?.joined?.who, winner?.who)
  assert.equal(listed?.by, by.who)
  for (const one of answers) assert.equal(await join(deps, one), false)
})

test('unknown, expired, used and wrong get the same answer', async () => {
  const { keys } = await invited(HOUR)
  const own = await answer(keys, 'Volunteer 21')
  assert.equal(await join(deps, { ...own, auth: '0'.repeat(64) }), false)
  assert.equal(await join(deps, { ...own, lookup: '0'.repeat(32) }), false)
  world.now += HOUR
  assert.equal(await join(deps, own), false)
  world.now -= HOUR
  assert.equal(await join(deps, own), true)
  assert.equal(await join(deps, own), false)
})

test('whether an invitation waits is told to whoever has its code, as joining tells it, and uses nothing up', async () => {
  const { keys } = await invited(HOUR)
  const { lookup, auth } = keys
  const waits = () => checkInvitation(deps, { lookup, auth })
  assert.equal(await waits(), true)
  assert.equal(await waits(), true)
  assert.equal(await checkInvitation(deps, { lookup, auth: '0'.repeat(64) }), false)
  assert.equal(await checkInvitation(deps, { lookup: '0'.repeat(32), auth }), false)
  world.now += HOUR
  assert.equal(await waits(), false)
  world.now -= HOUR
  assert.equal(await join(deps, await answer(keys, 'Volunteer 29')), true)
  assert.equal(await waits(), false)
  const other = await invited()
  assert.equal(await withdrawInvitation(deps, other.keys.lookup), true)
  assert.equal(await checkInvitation(deps, other.keys), false)
})

test('an invitation lives 72 hours at most, and none is made that is over', async () => {
  const { expires } = await invited(100 * HOUR)
  assert.equal(expires, timeOf(world.now + 72 * HOUR))
  await assert.rejects(invited(-HOUR), { code: 'invitation' })
  const { keys } = await invited()
  const listed = async () =>
    (await listInvitations(deps)).some(({ lookup }) => lookup === keys.lookup)
  assert.equal(await listed(), true)
  world.now += 72 * HOUR
  assert.equal(await listed(), false)
  world.now -= 72 * HOUR
})

test('the same code invites once', async () => {
  const { asked } = await invited()
  await assert.rejects(invite(deps, by, asked), { code: 'conflict' })
})

test('an answer that nobody could admit does not use the invitation up', async () => {
  const { keys } = await invited()
  const own = await answer(keys, 'Volunteer 22')
  const other = await answer(keys, 'Volunteer 23')
  const known = world.maintainer.signer.who
  await assert.rejects(join(deps, { ...own, enc: other.enc }), { code: 'F8' })
  await assert.rejects(join(deps, { ...own, enc: btoa('no certificate') }), { code: 'cert' })
  await assert.rejects(join(deps, { ...own, handle: 'Volunteer\n22' }), { code: 'F1' })
  await assert.rejects(join(deps, { ...own, who: known }), { code: 'F8' })
  await assert.rejects(join(deps, { ...own, who: '0'.repeat(64) }), { code: 'F1' })
  assert.equal(await join(deps, own), true)
})

test('whoever is admitted by it is no longer on the list', async () => {
  const { keys } = await invited()
  const own = await answer(keys, 'Volunteer 24')
  assert.equal(await join(deps, own), true)
  await admitBy(own)
  const { lookup } = own
  assert.equal(
    (await listInvitations(deps)).some((one) => one.lookup === lookup),
    false,
  )
})

test('neither the code nor its auth is stored', async () => {
  const { keys } = await invited()
  const [row] = await asOwner(
    house,
    `select encode(auth_hash, 'hex') as kept from identity.invitation where lookup = decode($1, 'hex')`,
    [keys.lookup],
  )
  assert.ok(row?.['kept'] !== keys.auth)
})

test('who answers with a browser leaves a passkey that works from the admission on', async () => {
  const { keys } = await invited()
  const actor = await newActor('Volunteer 25')
  const own = await answerOf(world, keys, actor)
  const passkey = newAuthenticator(deps.origin)
  const nonce = async () => (await askChallenge(deps)).nonce
  const enrolment = await enrolmentOf(world, actor, passkey, await nonce())
  const foreign = await enrolmentOf(world, world.second, passkey, await nonce())
  await assert.rejects(join(deps, { ...own, enrolment: foreign }), { code: 'vault' })
  const spent = { ...enrolment, registration: foreign.registration }
  await assert.rejects(join(deps, { ...own, enrolment: spent }), { code: 'wrong-passkey' })
  const wrong = { ...own, auth: '0'.repeat(64), enrolment }
  assert.equal(await join(deps, wrong), false, 'and the challenge is not spent')
  assert.equal(await rowsOf('identity.passkey', own.who), 0)
  assert.equal(await join(deps, { ...own, enrolment }), true)
  assert.equal(await rowsOf('identity.passkey', own.who), 1)
  assert.equal(await logInByPasskey(deps, passkey.assert(await nonce())), null)
  await admitBy(own)
  const back = await logInByPasskey(deps, passkey.assert(await nonce()))
  assert.equal(back?.vault, enrolment.vault)
})

test('of twenty browsers at once one leaves its passkey', async () => {
  const { keys } = await invited()
  const answers = await Promise.all(
    Array.from({ length: 20 }, async (_, n) => {
      const actor = await newActor(`Browser ${n}`)
      const { nonce } = await askChallenge(deps)
      const passkey = newAuthenticator(deps.origin)
      const enrolment = await enrolmentOf(world, actor, passkey, nonce)
      return { ...(await answerOf(world, keys, actor)), enrolment }
    }),
  )
  const taken = await Promise.all(answers.map((one) => join(deps, one)))
  assert.equal(taken.filter(Boolean).length, 1)
  for (const [at, { who }] of answers.entries())
    assert.equal(await rowsOf('identity.passkey', who), taken[at] === true ? 1 : 0)
})

test('an invitation that is taken back is gone, with what its answer left', async () => {
  const { keys } = await invited()
  const { lookup } = keys
  assert.equal(await withdrawInvitation(deps, '0'.repeat(32)), false)
  const actor = await newActor('Volunteer 26')
  const passkey = newAuthenticator(deps.origin)
  const { nonce } = await askChallenge(deps)
  const enrolment = await enrolmentOf(world, actor, passkey, nonce)
  const own = { ...(await answerOf(world, keys, actor)), enrolment }
  assert.equal(await join(deps, own), true)
  assert.equal(await withdrawInvitation(deps, lookup), true)
  assert.equal(await withdrawInvitation(deps, lookup), false)
  assert.equal(await rowsOf('identity.passkey', own.who), 0)
  assert.equal(await rowsOf('keys.member_vault', own.who), 0)
  assert.equal(await join(deps, own), false)
  const listed = await listInvitations(deps)
  assert.ok(!listed.some((one) => one.lookup === lookup))
  const [sealed] = await asOwner(
    house,
    `select count(*)::int as n from keys.invitation where lookup = decode($1, 'hex')`,
    [lookup],
  )
  assert.equal(sealed?.['n'], 0)
})

test('nobody is admitted by an invitation that was taken back, in whatever order both arrive', async () => {
  const { keys } = await invited()
  const actor = await newActor('Volunteer 28')
  const passkey = newAuthenticator(deps.origin)
  const { nonce } = await askChallenge(deps)
  const enrolment = await enrolmentOf(world, actor, passkey, nonce)
  const own = { ...(await answerOf(world, keys, actor)), enrolment }
  assert.equal(await join(deps, own), true)
  const kept = { batch: world.batch.length, directory: world.directory }
  const [taken, admitted] = await Promise.allSettled([
    withdrawInvitation(deps, keys.lookup),
    admitBy(own),
  ])
  assert.equal(taken.status, 'fulfilled')
  const active = admitted.status === 'fulfilled'
  assert.equal(taken.value, !active, 'one of the two')
  assert.equal(await rowsOf('identity.passkey', own.who), active ? 1 : 0)
  if (active) return
  assert.equal((admitted.reason as { code: string }).code, 'not-found')
  world.batch.length = kept.batch
  world.directory = kept.directory
})

test('an invitation that somebody was admitted by is not taken back, nor are their ways in', async () => {
  const first = await invited()
  const again = await invited()
  const actor = await newActor('Volunteer 27')
  const passkey = newAuthenticator(deps.origin)
  const { nonce } = await askChallenge(deps)
  const enrolment = await enrolmentOf(world, actor, passkey, nonce)
  const unused = await answerOf(world, again.keys, actor)
  assert.equal(await join(deps, unused), true)
  const own = { ...(await answerOf(world, first.keys, actor)), enrolment }
  assert.equal(await join(deps, own), true)
  await admitBy(own)
  assert.equal(await withdrawInvitation(deps, first.keys.lookup), false)
  assert.equal(await withdrawInvitation(deps, again.keys.lookup), true)
  assert.equal(await rowsOf('identity.passkey', own.who), 1)
})

async function admitBy(own: Awaited<ReturnType<typeof answerOf>>): Promise<void> {
  const { who, enc, handle, join: signed, lookup } = own
  const from = world.batch.length
  await appendDesk(world, world.coordinator.signer, {
    type: 'member.admit',
    who,
    enc,
    handle,
    roles: ['maintainer:scipy'],
    invite: lookup,
    join: signed,
    met: 'seen',
  })
  const now = sessionNow(deps, by.who)
  await acceptDeskBatch(deps, { by: now, batch: world.batch.slice(from) })
}

async function rowsOf(table: string, who: string): Promise<unknown> {
  const text = `select count(*)::int as n from ${table} where who = decode($1, 'hex')`
  return (await asOwner(house, text, [who]))[0]?.['n']
}
