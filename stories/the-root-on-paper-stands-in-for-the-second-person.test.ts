import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { addMember, openDesk, play, postern } from './stage.ts'

test('a lone coordinator whose keys hold no root admits the next one with the words on paper', async (t) => {
  const desk = await openDesk((end) => t.after(end))
  const second = await addMember(desk, 'Coordinator 2', 'coordinator')
  // The first one leaves, and with them the only vault that holds the root.
  await play(['member', 'revoke', 'Coordinator 1', ...second.flags, '--root'], rootOf(desk.root))

  const { invitation } = await play<{ invitation: string }>([
    'member',
    'invite',
    '--role',
    'coordinator',
    ...second.flags,
  ])
  const third = join(desk.folder, 'third.key')
  const state = join(desk.folder, 'state-third')
  const to = ['--to', desk.server.url, '--state', state, '--json']
  await play([
    'member',
    'accept',
    ...to,
    '--invitation',
    invitation,
    '--name',
    'Coordinator 3',
    '--key-out',
    third,
  ])

  const admission = ['member', 'admit', 'Coordinator 3', '--met', 'seen', ...second.flags]
  const wrong = await postern([...admission, '--root'], rootOf(WRONG))
  assert.equal(wrong.code, 4, 'twelve other words are not the root')
  assert.match(wrong.err, /not the root of this desk/)
  const admitted = await play<{ waits: boolean }>([...admission, '--root'], rootOf(desk.root))
  assert.equal(admitted.waits, false, 'the root is the second person')
  await play(['queue', ...to, '--as', third])
})

const WRONG = `${'abandon '.repeat(11)}about`

function rootOf(words: string) {
  return { env: { POSTERN_ROOT: words } }
}
