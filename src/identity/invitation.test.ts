import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { base64OfBytes, bytesOfHex, bytesOfText, hexOfBytes, HOUR, timeOf } from '#lexicon'
import {
  authHash,
  encryptFrame,
  invitationKeys,
  invitationSlot,
  joinMac,
  joinMessage,
  newCode,
  readCertificate,
} from '#seal'
import { asOwner, newHouse } from '../../stories/house.ts'
import { appendDesk, newActor } from '../../stories/world.ts'
import { acceptDeskBatch } from './append-to-desk.ts'
import { invite, join, listInvitations } from './invitation.ts'
import type { Session } from './session.ts'
import { trialIdentity } from './trial-identity.ts'

const house = await newHouse()
const { world, database } = house
const deps = trialIdentity(house)
after(() => database.close())
const by: Session = { kind: 'member', who: world.coordinator.signer.who }

async function invited(lives = 72 * HOUR) {
  const code = newCode()
  const keys = invitationKeys(code, world.desk)
  const certificate = await readCertificate(world.directory.now.desk.at(-1)?.cert ?? '')
  const slot = invitationSlot(world.desk, keys.lookup)
  const sealed = await encryptFrame(slot, bytesOfText('inside'), [certificate])
  const asked = {
    lookup: keys.lookup,
    auth_hash: hexOfBytes(authHash(bytesOfHex(keys.auth))),
    roles: ['maintainer:scipy'],
    expires: timeOf(world.now + lives),
    sealed: base64OfBytes(sealed),
  }
  return { keys, asked, ...(await invite(deps, by, asked)) }
}

async function answer({ lookup, auth, mac }: ReturnType<typeof invitationKeys>, name: string) {
  const actor = await newActor(name)
  const { who } = actor.signer
  const joining = { desk: world.desk, enc: actor.key.cert, handle: name, invite: lookup, who }
  return {
    lookup,
    auth,
    who,
    enc: actor.key.cert,
    handle: name,
    join: await actor.signer.sign(joinMessage(joining)),
    mac: hexOfBytes(joinMac(mac, joining)),
  }
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
  await acceptDeskBatch(deps, { by, batch: world.batch.slice(from) })
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
