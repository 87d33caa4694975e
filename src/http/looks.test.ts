import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { MINUTE, timeOf } from '#lexicon'
import { asOwner, newHouse } from '../../stories/house.ts'
import { ask, logInAs, openTrialDoor, post } from './trial-door.ts'

const house = await newHouse()
const { database, world, clock } = house
const door = await openTrialDoor(house)
after(async () => {
  await door.close()
  await database.close()
})

test('who reads the queue or its counts has looked; who asks for anything else has not', async () => {
  const session = await logInAs(door, world.desk, world.coordinator.signer, timeOf(clock()))
  await post(door, '/api/v1/me/address', { address: 'volunteer@example.org' }, session)
  const looks = async (path: string): Promise<boolean> => {
    world.now += MINUTE
    const { status } = await ask(door, 'GET', path, { authorization: `Bearer ${session}` })
    assert.equal(status, 200, path)
    const [row] = await asOwner(house, 'select looked from identity.address')
    return Number(row?.['looked']) === world.now
  }
  assert.equal(await looks('/api/v1/me'), false)
  assert.equal(await looks('/api/v1/desk'), false)
  assert.equal(await looks('/api/v1/cases'), true)
  assert.equal(await looks('/api/v1/me'), false)
  assert.equal(await looks('/api/v1/cases/count'), true)
})
