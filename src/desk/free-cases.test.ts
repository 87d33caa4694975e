import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { asOwner, deskDepsOf, newHouse, reportFiler } from '../../stories/house.ts'
import { acceptCaseBatch, countCases, freeCases, listCases } from './index.ts'
import { caseStatement } from '../../stories/drafts.ts'

const house = await newHouse()
const { world, database } = house
const filing = await reportFiler(house)
after(async () => {
  await filing.close()
  await database.close()
})
const deps = deskDepsOf(house)
const coordinator = { kind: 'member', who: world.coordinator.signer.who } as const
const maintainer = { kind: 'member', who: world.maintainer.signer.who } as const

async function held(name: string) {
  world.now += 1000
  const draft = await filing.file(name)
  const id = [Buffer.from(draft.id, 'hex')]
  await asOwner(house, `update desk."case" set held = 'spam' where id = $1`, id)
  await asOwner(house, 'delete from post.outbox where about = $1', id)
  return draft
}

const lane = async (name: 'new' | 'held' | 'all') =>
  (await listCases(deps, coordinator, { lane: name, limit: 10 })).cases

test('held cases stand in a lane of their own, with a clock, until a coordinator frees them', async () => {
  const [one, other] = [await held('One'), await held('Other')]
  assert.deepEqual(
    (await lane('held')).map(({ id, held: why, due }) => [id, why, due !== '']),
    [one, other].map(({ id }) => [id, 'spam', true]),
  )
  assert.deepEqual([await lane('new'), await lane('all')], [[], []])
  assert.equal((await countCases(deps, coordinator)).held, 2)

  assert.equal(await freeCases(deps, maintainer, [one.id]), null)
  assert.equal((await lane('held')).length, 2)
  assert.equal(await freeCases(deps, coordinator, [one.id, '0'.repeat(64)]), 1)
  assert.equal(await freeCases(deps, coordinator, [one.id]), 0, 'once')
  assert.deepEqual(
    (await lane('new')).map(({ id, held: why }) => [id, why]),
    [[one.id, undefined]],
  )
  const told = await asOwner(house, 'select kind from post.outbox where about = $1', [
    Buffer.from(one.id, 'hex'),
  ])
  assert.deepEqual(told, [{ kind: 'report-received' }])

  // Who acts on it as on any other has freed it.
  const ack = await caseStatement(world, other, world.coordinator.signer, { type: 'case.ack' })
  await acceptCaseBatch(deps, { by: coordinator, caseId: other.id, batch: [ack] })
  assert.deepEqual([(await lane('held')).length, (await lane('all')).length], [0, 2])
})
