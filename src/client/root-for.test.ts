import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import type { SecretKey } from '#unseal'
import { admit, appendDesk, newActor, newWorld, revoke, type World } from '../../stories/world.ts'
import { ClientError } from './client-error.ts'
import { rootFor } from './root-for.ts'

let world: World
let key: SecretKey
beforeEach(async () => {
  world = await newWorld()
  ;({ key } = world.coordinator)
})

const asked = (strong: boolean, root = false) => {
  const self = { signer: world.coordinator.signer, key, root: root ? world.root : undefined }
  const { signer, waits, byRoot } = rootFor(world, self, strong)
  return [signer.who === world.root.who ? 'root' : 'own', waits, byRoot]
}

test('what one coordinator may do is signed by them, also where the root was given', () => {
  assert.deepEqual(asked(false), ['own', false, false])
  assert.deepEqual(asked(false, true), ['own', false, false])
})

test('a strong act waits for a second person; the root signs it only where its words were given', () => {
  assert.deepEqual(asked(true), ['own', true, false])
  assert.deepEqual(asked(true, true), ['root', false, true])
})

test('whoever is alone is told to give the root, before anything is signed', async () => {
  await revoke(world, world.root, world.second)
  assert.throws(
    () => asked(true),
    (error: unknown) => error instanceof ClientError && error.code === 'need-root',
  )
  assert.deepEqual(asked(true, true), ['root', false, true])
})

test('a board member is a second person, an own earlier key is not', async () => {
  await revoke(world, world.root, world.second)
  const board = await newActor('Board 1')
  await admit(world, world.root, board, ['board'])
  assert.deepEqual(asked(true), ['own', true, false])
  await appendDesk(world, world.root, {
    type: 'member.role',
    who: board.signer.who,
    roles: ['guest'],
  })
  assert.throws(() => asked(true), ClientError)
})
