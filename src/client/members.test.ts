import assert from 'node:assert/strict'
import { test } from 'node:test'
import { admit, newActor, newWorld, revoke } from '../../stories/world.ts'
import { ClientError } from './client-error.ts'
import { memberNamed } from './members.ts'

test('a member is found by handle or key; two of one handle are refused', async () => {
  const world = await newWorld()
  const { coordinator, maintainer } = world
  const twin = await newActor('Twin', maintainer.name)
  assert.equal(memberNamed(world.directory, 'Coordinator 1').who, coordinator.signer.who)
  assert.equal(memberNamed(world.directory, coordinator.signer.who).handle, 'Coordinator 1')
  await admit(world, coordinator.signer, twin, ['guest'])
  assert.throws(() => memberNamed(world.directory, maintainer.name), ClientError)
  assert.equal(memberNamed(world.directory, twin.signer.who).who, twin.signer.who)
})

test('whoever takes the key of another as a handle is not meant by it, and hides nobody', async () => {
  const world = await newWorld()
  const { coordinator, maintainer } = world
  const key = maintainer.signer.who
  const mask = await newActor('Mask', key)
  await admit(world, coordinator.signer, mask, ['guest'])
  assert.equal(memberNamed(world.directory, key).who, key)
  await revoke(world, coordinator.signer, maintainer)
  assert.throws(() => memberNamed(world.directory, key), ClientError)
})
