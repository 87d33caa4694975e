import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { hexOfBytes, HOUR } from '#lexicon'
import { newestCheckpoint, verifyLedger } from '#ledger'
import { checkpointOrigin, readCheckpoint, type Signer } from '#seal'
import { inTransaction } from '#store'
import { newHouse } from '../../stories/house.ts'
import { appendDesk, renewDeskKeys } from '../../stories/world.ts'
import { acceptDeskBatch } from './append-to-desk.ts'
import { readDesk } from './read-desk.ts'
import { clearRestored, markRestored, pinServer, restoredAt } from './server-row.ts'
import { sessionNow, trialIdentity } from './trial-identity.ts'

const house = await newHouse()
const { world, database, ledger } = house
const deps = trialIdentity(house)
after(() => database.close())
const { coordinator, second } = world
const by = () => sessionNow(deps, coordinator.signer.who)

await pinServer(deps.db, world.server.who)

/** What the command does after it filled and verified a database. */
beforeEach(async () => {
  world.now += HOUR
  await inTransaction(deps.db, async (tx) => {
    const place = { desk: world.desk, dir: world.directory.head.id }
    const about = { about: 'backup', count: 1, note: '' }
    await ledger.event(tx, { ...place, kind: 'restore', ...about })
    await markRestored(tx, world.now)
  })
})

async function checkpoint() {
  const place = { signer: world.server, domain: 'example.org', desk: world.desk }
  const note = await newestCheckpoint(deps.db, place)
  const origin = checkpointOrigin('example.org', world.desk)
  const { size, root } = await readCheckpoint(note, origin, world.server.who)
  return { size, root: hexOfBytes(root) }
}

async function append(signer: Signer, own: Parameters<typeof appendDesk>[2], keep = true) {
  const before = { batch: [...world.batch], directory: world.directory }
  const id = await appendDesk(world, signer, own)
  const batch = world.batch.slice(before.batch.length)
  try {
    await acceptDeskBatch(deps, { by: by(), batch })
  } catch (error) {
    keep = false
    throw error
  } finally {
    if (!keep) {
      world.batch.splice(before.batch.length)
      world.directory = before.directory
    }
  }
  return id
}

test('a restored desk takes nothing new until two coordinators sign what was restored', async () => {
  assert.equal((await readDesk(deps, { name: '', domain: '' })).state, 'restored')
  const beat = append(coordinator.signer, { type: 'desk.beat' })
  await assert.rejects(beat, { code: 'read-only' })
  const { size, root } = await checkpoint()
  const what = await append(coordinator.signer, { type: 'desk.restored', size, root, lost: [] })
  assert.ok(await restoredAt(deps.db), 'one signature is not enough')
  await assert.rejects(append(coordinator.signer, { type: 'desk.beat' }), { code: 'read-only' })
  await append(second.signer, { type: 'approve', what })
  assert.equal(await restoredAt(deps.db), undefined)
  assert.equal((await readDesk(deps, { name: '', domain: '' })).state, 'open')
  await append(coordinator.signer, { type: 'desk.beat' })
})

test('what was signed before the restore may come back: the desk chain is never cut', async () => {
  const now = world.now
  world.now -= HOUR / 2
  await append(coordinator.signer, { type: 'desk.beat' })
  world.now = now
  assert.ok(await restoredAt(deps.db))
})

test('a key that was lost with its wraps comes back without them, and only after a restore', async () => {
  const from = world.batch.length
  world.now -= HOUR / 2
  await renewDeskKeys(world, world.coordinator)
  world.now += HOUR / 2
  const bare = world.batch.slice(from).map((item) => ({ ...item, blobs: [] }))
  const restored = await restoredAt(deps.db)
  await clearRestored(deps.db)
  await assert.rejects(acceptDeskBatch(deps, { by: by(), batch: bare }), { code: 'incomplete' })
  await markRestored(deps.db, restored ?? 0)
  assert.equal((await acceptDeskBatch(deps, { by: by(), batch: bare })).length, bare.length)
})

test('an agreement to an earlier restore, or to another ledger, does not count', async () => {
  const { size, root } = await checkpoint()
  const agree = async (own: { size: number; root: string }) => {
    const what = await append(coordinator.signer, { type: 'desk.restored', ...own, lost: [] })
    await append(second.signer, { type: 'approve', what })
    return restoredAt(deps.db)
  }
  assert.ok(await agree({ size: 3, root }), 'a checkpoint from before the restore')
  assert.ok(await agree({ size, root: '0'.repeat(64) }), 'another tree')
  assert.ok(await agree({ size: size + 1000, root }), 'a tree that is not there')
  assert.equal(await agree({ size, root }), undefined)
})

test('the root alone may bring back a second coordinator', async () => {
  await append(world.root, { type: 'member.role', who: second.signer.who, roles: ['coordinator'] })
  assert.ok(await restoredAt(deps.db))
})

test('another server key is refused for good', async () => {
  await pinServer(deps.db, world.server.who)
  await assert.rejects(pinServer(deps.db, world.root.who), { code: 'other-server' })
  await verifyLedger(database.logins.ledger, { directory: world.directory })
})
