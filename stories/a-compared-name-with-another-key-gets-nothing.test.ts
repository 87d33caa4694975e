import assert from 'node:assert/strict'
import { readFile, rm, writeFile } from 'node:fs/promises'
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
} from './stage.ts'

type Members = { members: { name: string; key: string; active: boolean; trust: string }[] }

const ends: (() => Promise<void>)[] = []
let desk: OpenDesk
let second: Actor
let filed: Filed

before(async () => {
  desk = await openDesk((end) => ends.push(end))
  second = await addMember(desk, 'Coordinator 2', 'coordinator')
  filed = await file(desk, 'A report\n')
})
after(async () => {
  for (const end of ends.reverse()) await end()
})

async function trustOf(name: string, by: Actor): Promise<string | undefined> {
  const { members } = await play<Members>(['member', 'list', ...by.flags])
  return members.findLast((member) => member.name === name && member.active)?.trust
}

test('an old state folder reads as one that compared nobody', async () => {
  const path = join(desk.folder, 'state-Coordinator-2', desk.desk.slice(0, 32), 'remembered.json')
  const { compared, ...old } = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>
  assert.deepEqual(compared, {})
  await writeFile(path, JSON.stringify(old))
  assert.equal(await trustOf('Coordinator 1', second), 'vouched')
  assert.equal(await trustOf('Coordinator 2', second), 'own')
})

test('whom a coordinator compared at the admission is compared on their machine, and vouched for elsewhere', async () => {
  await addMember(desk, 'Maintainer 1', 'maintainer:example')
  assert.equal(await trustOf('Maintainer 1', desk.first), 'compared')
  assert.equal(await trustOf('Maintainer 1', second), 'unknown')
  const shown = await play<{ words: string; how: string }>([
    'member',
    'compare',
    'Coordinator 1',
    '--met',
    'seen',
    ...second.flags,
  ])
  assert.match(shown.words, /^([a-z]+ ){11}[a-z]+$/)
  assert.equal(await trustOf('Coordinator 1', second), 'compared')
  assert.equal(await trustOf('Maintainer 1', second), 'vouched')
})

test('another key under a compared name is sealed to by nobody who compared the old one, until they compare again', async () => {
  const show = ['case', 'add', filed.number, 'Maintainer 1']
  await play(['member', 'revoke', 'Maintainer 1', ...second.flags])
  await rm(join(desk.folder, 'Maintainer-1.key'))
  await addMember(desk, 'Maintainer 1', 'maintainer:example', second)
  assert.equal(await trustOf('Maintainer 1', desk.first), 'changed')
  const refused = await postern([...show, ...desk.first.flags])
  assert.equal(refused.code, 5, refused.err)
  assert.match(refused.err, /changed.*Maintainer 1 has another key/)
  assert.equal(refused.out, '')

  // The one who admitted them lets them in: then nothing goes to that thread from the first machine.
  await play([...show, ...second.flags])
  const words = { input: 'A word for everybody\n' }
  const reply = ['case', 'reply', filed.number, '--text', '-', ...desk.first.flags]
  assert.equal((await postern(reply, words)).code, 5)
  const note = ['case', 'note', filed.number, '--text', '-', ...desk.first.flags]
  await play(note, words)

  await play(['member', 'compare', 'Maintainer 1', '--met', 'words', ...desk.first.flags])
  assert.equal(await trustOf('Maintainer 1', desk.first), 'compared')
  await play(reply, words)
})

test('a comparison needs to say how', async () => {
  for (const met of [[], ['--met', 'none'], ['--met', 'heard']]) {
    const ran = await postern(['member', 'compare', 'Coordinator 2', ...met, ...desk.first.flags])
    assert.equal(ran.code, 2, ran.err)
  }
})
