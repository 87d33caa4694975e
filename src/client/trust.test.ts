import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { joinMessage, Refused } from '#seal'
import {
  type Actor,
  admit,
  appendDesk,
  newActor,
  newWorld,
  revoke,
  type World,
} from '../../stories/world.ts'
import { memoryOfOneProcess } from '../../stories/in-process.ts'
import type { DeskView } from './desk-view.ts'
import { NOTHING_REMEMBERED } from './memory.ts'
import { demandUnchanged, noteCompared, type Trust, trustOf } from './trust.ts'

let world: World
let view: Parameters<typeof noteCompared>[0]

beforeEach(async () => {
  world = await newWorld()
  view = {
    id: world.desk,
    directory: world.directory,
    remembered: NOTHING_REMEMBERED,
    memory: memoryOfOneProcess(),
    clock: () => world.now,
  } as DeskView
})

test('root vouches for whom it admitted after a comparison; a stranger’s word is none', async () => {
  assert.equal(trust(world.coordinator), 'vouched')
  assert.equal(trust(world.maintainer), 'unknown')
  assert.equal(trust(await newActor('Stranger')), 'unknown')
  assert.equal(trust(world.coordinator, world.coordinator), 'own')
})

test('whom I compared is compared, and vouches for whom they compared', async () => {
  await compare(world.coordinator)
  assert.equal(trust(world.coordinator), 'compared')
  assert.equal(trust(world.maintainer), 'vouched')
  const unmet = await newActor('Maintainer 2')
  await admit(world, world.coordinator.signer, unmet, ['maintainer:scipy'], 'none')
  assert.equal(trust(unmet), 'unknown')
})

test('whom I admitted myself after a comparison is compared', async () => {
  assert.equal(trust(world.maintainer, world.coordinator), 'compared')
})

test('a comparison is kept on this machine', async () => {
  await compare(world.maintainer)
  const stored = await view.memory.read(world.desk)
  const entry = stored.compared[world.maintainer.signer.who]
  assert.deepEqual([entry?.handle, entry?.how], ['Maintainer 1', 'words'])
  assert.deepEqual(view.remembered.compared, stored.compared)
})

test('a key that the old key signed for is compared, however often', async () => {
  await compare(world.maintainer)
  const second = await rotate(world.maintainer)
  const third = await rotate(second)
  for (const each of [world.maintainer, second, third]) assert.equal(trust(each), 'compared')
})

test('a compared name with another key is changed: nothing is sealed to it until it is compared', async () => {
  await compare(world.maintainer)
  await revoke(world, world.coordinator.signer, world.maintainer)
  const other = await newcomer('Maintainer 1')
  assert.equal(trust(other), 'changed')
  assert.equal(trust(world.maintainer), 'compared')
  assert.throws(
    () => demandUnchanged(now(), other.signer.who),
    (error: unknown) => error instanceof Refused && error.code === 'changed',
  )
  await compare(other)
  assert.equal(trust(other), 'compared')
  demandUnchanged(now(), other.signer.who)
})

test('a second person beside one whom I compared, under their name, is changed too', async () => {
  await compare(world.maintainer)
  for (const name of ['Maintainer 1', 'MAINTAINER  1', 'Ｍaintainer 1', 'Main\u200btainer 1'])
    assert.equal(trust(await newcomer(name)), 'changed', name)
  assert.equal(trust(await newcomer('Maintainer 10')), 'unknown')
})

test('an admission again that two signed, or root, explains another key', async () => {
  await compare(world.second)
  await compare(world.coordinator)
  const third = await newActor('Coordinator 3')
  await admit(world, world.root, third, ['coordinator'])
  await revoke(world, world.root, world.second)
  const again = await newActor('another key', 'Coordinator 2')
  const proposal = await admit(world, world.coordinator.signer, again, ['coordinator'])
  assert.equal(trust(again), 'unknown')
  await appendDesk(world, third.signer, { type: 'approve', what: proposal })
  assert.equal(trust(again), 'vouched')
  const byRoot = await newActor('a third key', 'Coordinator 1')
  await revoke(world, world.root, world.coordinator)
  await admit(world, world.root, byRoot, ['coordinator'])
  assert.equal(trust(byRoot), 'vouched')
})

test('a machine that compared nobody blocks nobody', async () => {
  await revoke(world, world.coordinator.signer, world.maintainer)
  const other = await newcomer('Maintainer 1')
  demandUnchanged(now(), other.signer.who)
  assert.equal(trust(other), 'unknown')
})

function now(): DeskView {
  view = { ...view, directory: world.directory }
  return view
}

function trust({ signer }: Actor, own?: Actor): Trust {
  return trustOf(now(), view.remembered, signer.who, own?.signer.who)
}

async function compare({ signer }: Actor): Promise<void> {
  view = await noteCompared(now(), signer.who, 'words')
}

/** Somebody whom one coordinator let in alone. */
async function newcomer(name: string): Promise<Actor> {
  const actor = await newActor(`${name} ${world.batch.length}`, name)
  await admit(world, world.second.signer, actor, ['maintainer:numpy'], 'none')
  return actor
}

async function rotate(from: Actor): Promise<Actor> {
  const next = await newActor(`${from.name} ${world.batch.length}`)
  const { who } = next.signer
  const enc = next.key.cert
  const handle = world.directory.now.members.get(from.signer.who)?.handle ?? ''
  const join = await next.signer.sign(
    joinMessage({ desk: world.desk, enc, handle, invite: '', who }),
  )
  await appendDesk(world, from.signer, { type: 'member.rotate', who, enc, join })
  return next
}
