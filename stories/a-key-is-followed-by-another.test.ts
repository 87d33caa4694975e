import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import {
  type Actor,
  addMember,
  file,
  type Filed,
  type OpenDesk,
  openDesk,
  play,
  postern,
  queueOf,
  withRoot,
} from './stage.ts'

type Members = {
  members: { name: string; key: string; roles: string[]; active: boolean; trust: string }[]
  pending: { id: string; type: string }[]
}

const ends: (() => Promise<void>)[] = []
let desk: OpenDesk
let second: Actor
let maintainer: Actor
let filed: Filed

before(async () => {
  desk = await openDesk((end) => ends.push(end))
  second = await addMember(desk, 'Coordinator 2', 'coordinator')
  maintainer = await addMember(desk, 'Maintainer 1', 'maintainer:example')
  filed = await file(desk, 'A report\n')
  await play(['case', 'ack', filed.number, ...desk.first.flags])
  await play(['case', 'reply', filed.number, '--text', '-', ...desk.first.flags], {
    input: 'An answer\n',
  })
})
after(async () => {
  for (const end of ends.reverse()) await end()
})

const list = (by: Actor) => play<Members>(['member', 'list', ...by.flags])

test('roles of a maintainer change by one signature; a strong role waits for a second person', async () => {
  const roles = ['--role', 'maintainer:example', '--role', 'maintainer:other']
  await play(['member', 'roles', 'Maintainer 1', ...roles, ...second.flags])
  const { members } = await list(desk.first)
  const changed = members.find(({ name }) => name === 'Maintainer 1')
  assert.deepEqual(changed?.roles, ['maintainer:example', 'maintainer:other'])

  const board = ['member', 'roles', 'Maintainer 1', '--role', 'board', ...second.flags]
  assert.equal((await play<{ waits: boolean }>(board)).waits, true)
  const { pending } = await list(desk.first)
  await play(['member', 'approve', pending[0]?.id ?? '', ...desk.first.flags])
  const after = (await list(second)).members.find(({ name }) => name === 'Maintainer 1')
  assert.deepEqual(after?.roles, ['board'])
})

test('who becomes a coordinator reads what came before; who was one reads nothing new', async () => {
  // The root's words are given: one signature suffices.
  const roles = ['member', 'roles', 'Maintainer 1', '--root', ...desk.first.flags]
  await play([...roles, '--role', 'coordinator'], withRoot(desk))
  const [row] = await queueOf(maintainer)
  assert.equal(row?.number, filed.number)
  assert.equal(row?.title, 'A report')
  await play([...roles, '--role', 'guest'], withRoot(desk))
  assert.deepEqual(await queueOf(maintainer), [])
  const later = await file(desk, 'A later report\n')
  assert.equal(
    (await queueOf(second)).some(({ id }) => id === later.sha256),
    true,
  )
})

test('a coordinator’s key signs for the next one: the old one ends, and the new one opens everything', async () => {
  await play(['member', 'compare', 'Coordinator 2', '--met', 'words', ...desk.first.flags])
  const key = join(desk.folder, 'second-new.key')
  const made = await play<{ key: string; recovery: string }>([
    'member',
    'rotate',
    '--key-out',
    key,
    ...second.flags,
  ])
  const old = await postern(['queue', ...second.flags])
  assert.equal(old.code, 4, old.err)
  const fresh: Actor = {
    ...second,
    key,
    flags: second.flags.map((flag) => (flag === second.key ? key : flag)),
  }
  const [row] = (await queueOf(fresh)).filter(({ id }) => id === filed.sha256)
  assert.equal(row?.title, 'A report')
  await play(['case', 'reply', filed.number, '--text', '-', ...fresh.flags], { input: 'More\n' })
  const { members } = await list(desk.first)
  const renewed = members.find(({ key: each }) => each === made.key)
  assert.deepEqual(
    [renewed?.name, renewed?.active, renewed?.trust],
    ['Coordinator 2', true, 'compared'],
  )
  const shown = await play<{ messages: { from: string }[] }>([
    'case',
    'show',
    filed.number,
    ...desk.first.flags,
  ])
  assert.equal(shown.messages.at(-1)?.from, 'Coordinator 2')
  await file(desk, 'The letterbox is open\n')
})
