import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { DAY } from '#lexicon'
import { readCheckpoint, checkpointOrigin, verifyReceipt } from '#seal'
import { newestCheckpoint } from '#ledger'
import { enrolmentOf } from '../../stories/enrolments.ts'
import { asOwner, newHouse } from '../../stories/house.ts'
import { newAuthenticator } from '../../stories/software-authenticator.ts'
import { newWorld } from '../../stories/world.ts'
import { askChallenge } from './challenge.ts'
import { logInByPasskey } from './log-in-by-passkey.ts'
import { readDesk } from './read-desk.ts'
import { newSetupSecret, setUp } from './set-up.ts'
import { trialIdentity } from './trial-identity.ts'

const house = await newHouse()
const { world, database } = house
const deps = trialIdentity(house)
const batch = world.batch
after(() => database.close())

beforeEach(async () => {
  await asOwner(house, 'truncate identity.statement, identity.setup, ledger.entry, ledger.node')
  await asOwner(house, 'truncate keys.wrap, keys.member_vault, post.outbox')
  await asOwner(house, 'truncate identity.passkey, identity.recovery')
})

async function stored(): Promise<unknown> {
  return asOwner(
    house,
    `select (select count(*) from identity.statement)::int as statements,
            (select count(*) from ledger.entry)::int as entries,
            (select count(*) from keys.wrap)::int as wraps,
            (select count(*) from identity.passkey)::int as passkeys,
            (select count(*) from keys.member_vault)::int as vaults`,
  )
}
const NOTHING = [{ statements: 0, entries: 0, wraps: 0, passkeys: 0, vaults: 0 }]

test('the link opens the desk once, and every statement gets its receipt', async () => {
  const secret = await newSetupSecret(deps)
  assert.equal((await readDesk(deps, { name: 'N', domain: 'd' })).state, 'not-set-up')
  const receipts = await setUp(deps, { secret, batch })
  assert.equal(receipts.length, batch.length)
  for (const [seq, receipt] of receipts.entries()) {
    const id = [...world.directory.after.keys()][seq] ?? ''
    const accepted = { desk: world.desk, chain: world.desk, id, seq }
    await verifyReceipt(receipt, world.server.who, accepted)
  }
  const origin = checkpointOrigin('example.org', world.desk)
  const place = { signer: world.server, domain: 'example.org', desk: world.desk }
  const note = await newestCheckpoint(deps.db, place)
  const { size } = await readCheckpoint(note, origin, world.server.who)
  assert.equal(size, batch.length + 1)
  assert.equal((await readDesk(deps, { name: '', domain: '' })).state, 'open')
  await assert.rejects(setUp(deps, { secret, batch }), { code: 'already-open' })
  const again = await newSetupSecret(deps)
  await assert.rejects(setUp(deps, { secret: again, batch }), { code: 'already-open' })
})

test('a wrong, an older and an expired secret get the same answer', async () => {
  const old = await newSetupSecret(deps)
  const secret = await newSetupSecret(deps)
  const messages = new Set<string>()
  const refused = async (tried: string) => {
    await assert.rejects(
      setUp(deps, { secret: tried, batch }),
      (error: Error & { code: string }) => {
        assert.equal(error.code, 'not-found')
        messages.add(error.message)
        return true
      },
    )
  }
  await refused('0'.repeat(64))
  await refused(old)
  world.now += 7 * DAY
  await refused(secret)
  world.now -= 7 * DAY
  assert.equal(messages.size, 1)
  assert.deepEqual(await stored(), NOTHING)
})

test('only the hash of the secret is kept', async () => {
  const secret = await newSetupSecret(deps)
  const [row] = await asOwner(
    house,
    `select encode(secret_hash, 'hex') as kept from identity.setup`,
  )
  assert.notEqual(row?.['kept'], secret)
})

test('a ceremony for another server, cut short or without its wraps opens nothing', async () => {
  const secret = await newSetupSecret(deps)
  const other = { ...deps, server: world.root.who }
  await assert.rejects(setUp(other, { secret, batch }), { code: 'F8' })
  await assert.rejects(setUp(deps, { secret, batch: batch.slice(1) }), { code: 'F2' })
  // Root and coordinators, and no key that a report could be sealed to.
  await assert.rejects(setUp(deps, { secret, batch: batch.slice(0, 3) }), { code: 'F8' })
  await assert.rejects(setUp(deps, { secret, batch: batch.slice(0, 1) }), { code: 'F8' })
  const bare = batch.map((item) => ({ ...item, blobs: [] }))
  await assert.rejects(setUp(deps, { secret, batch: bare }), { code: 'incomplete' })
  const forged = batch.with(1, {
    ...batch[1],
    statement: { head: batch[1]?.statement.head ?? '', sig: '0'.repeat(128) },
    blobs: [],
    uploads: [],
  })
  await assert.rejects(setUp(deps, { secret, batch: forged }), { code: 'F3' })
  assert.deepEqual(await stored(), NOTHING)
  await setUp(deps, { secret, batch })
})

test('of two ceremonies at once one opens the desk', async () => {
  const secret = await newSetupSecret(deps)
  const second = await newWorld()
  const results = await Promise.allSettled([
    setUp(deps, { secret, batch }),
    setUp(deps, { secret, batch: second.batch }),
    setUp(deps, { secret, batch }),
  ])
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1)
})

test('the ceremony of a browser brings the first coordinator’s passkey, all or nothing', async () => {
  const secret = await newSetupSecret(deps)
  const passkey = newAuthenticator(deps.origin)
  const made = async (actor = world.coordinator) =>
    enrolmentOf(world, actor, passkey, (await askChallenge(deps)).nonce)
  const foreign = await made(world.second)
  await assert.rejects(setUp(deps, { secret, batch, enrolment: foreign }), { code: 'vault' })
  const spent = { ...(await made()), registration: foreign.registration }
  await assert.rejects(setUp(deps, { secret, batch, enrolment: spent }), { code: 'wrong-passkey' })
  const cut = batch.slice(0, 3)
  await assert.rejects(setUp(deps, { secret, batch: cut, enrolment: await made() }), { code: 'F8' })
  assert.deepEqual(await stored(), NOTHING)
  const enrolment = await made()
  await setUp(deps, { secret, batch, enrolment })
  const { nonce } = await askChallenge(deps)
  const answer = await logInByPasskey(deps, passkey.assert(nonce))
  assert.equal(answer?.who, world.coordinator.signer.who)
  assert.equal(answer.vault, enrolment.vault)
})
