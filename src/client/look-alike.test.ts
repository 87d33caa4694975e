import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newActor, newWorld, admit, revoke } from '../../stories/world.ts'
import { ClientError } from './client-error.ts'
import { demandOwnHandle, skeletonOf } from './look-alike.ts'

const NOBODY = { members: new Map() }

test('handles that people would take for one another have one skeleton', () => {
  const alike = [
    ['Volunteer 1', 'volunteer 1', 'Volunteer l', 'Volunteer I', 'Vоlunteer 1', 'Volunteer\u00a01'],
    ['Volunteer 0', 'Volunteer O', 'Volunteer-o', 'volunteer_0', 'VOLUNTEER.0'],
    ['Jose', 'José', 'Jos\u00e9', 'Jose\u200b', 'ＪＯＳＥ'],
    ['Marmot', 'Marrnot', 'Мarmоt'],
    ['Wanda', 'VVanda', 'vv anda'],
    // Letters and signs that show nothing.
    [
      'Guest 9',
      'Guest 9\u3164',
      '\u115fGuest 9',
      'Guest\u1160 9',
      'Guest 9\uffa0',
      'Guest 9\u2800',
    ],
  ]
  for (const [first = '', ...others] of alike)
    for (const other of others) assert.equal(skeletonOf(other), skeletonOf(first), other)
})

test('handles that nobody confuses keep skeletons of their own', () => {
  const names = [
    'Volunteer 1',
    'Volunteer 2',
    'Volunteer 11',
    'Maintainer 1',
    'Иван',
    'Ирина',
    '李雷',
    '李梅',
  ]
  assert.equal(new Set(names.map(skeletonOf)).size, names.length)
})

test('nobody is called like what the pages call others', () => {
  const taken = [
    'reporter',
    'Reporter',
    'REP0RTER',
    'repоrter',
    'root',
    'r00t',
    'mail',
    'rnaiI',
    'Server',
  ]
  for (const handle of [
    ...taken,
    'postern',
    'P0stern',
    'desk',
    'the\u200bdesk'.slice(3),
    '\u200b',
    ' .-',
  ])
    assert.throws(() => demandOwnHandle(NOBODY, handle), isHandle, handle)
  for (const handle of ['Reporter 1', 'Desk 2', 'Serverina', 'Volunteer 1'])
    demandOwnHandle(NOBODY, handle)
})

test('a handle that reads like a present member’s is refused, and one of somebody who left is free', async () => {
  const world = await newWorld()
  for (const handle of ['Coordinator 1', 'coordinator l', 'Сoordinator 1', 'Coordinator-1'])
    assert.throws(() => demandOwnHandle(world.directory.now, handle), isHandle, handle)
  demandOwnHandle(world.directory.now, 'Coordinator 3')
  const guest = await newActor('Guest 1')
  await admit(world, world.coordinator.signer, guest, ['guest'])
  assert.throws(() => demandOwnHandle(world.directory.now, 'Guest l'), isHandle)
  await revoke(world, world.coordinator.signer, guest)
  demandOwnHandle(world.directory.now, 'Guest 1')
})

function isHandle(error: unknown): boolean {
  return (
    error instanceof ClientError && error.code === 'handle' && /choose another/.test(error.message)
  )
}
