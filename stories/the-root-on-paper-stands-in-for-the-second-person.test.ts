import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { readKeyFile, writeKeyFile } from '#client'
import { closeVault, fileKey, readCode, rootSeed } from '#seal'
import { openVault } from '#unseal'
import { addMember, openDesk, PASSPHRASE, play, postern, withRoot } from './stage.ts'

type Came = { readonly waits: boolean; readonly byRoot: boolean }

test('a lone coordinator admits the next one with the words on paper', async (t) => {
  const desk = await openDesk((end) => t.after(end))
  const second = await addMember(desk, 'Coordinator 2', 'coordinator')
  await play(['member', 'revoke', 'Coordinator 1', ...second.flags, '--root'], withRoot(desk))

  const invite = ['member', 'invite', '--role', 'coordinator', ...second.flags]
  const { invitation } = await play<{ invitation: string }>(invite)
  const third = join(desk.folder, 'third.key')
  const to = ['--to', desk.server.url, '--state', join(desk.folder, 'state-third'), '--json']
  const accept = ['member', 'accept', ...to, '--invitation', invitation, '--key-out', third]
  await play([...accept, '--name', 'Coordinator 3'])

  const admission = ['member', 'admit', 'Coordinator 3', '--met', 'seen', ...second.flags]
  const alone = await postern(admission)
  assert.equal(alone.code, 4, 'nobody could ever be the second person')
  assert.match(alone.err, /give the root words/)
  const wrong = await postern([...admission, '--root'], withRoot({ root: WRONG }))
  assert.equal(wrong.code, 4, 'twelve other words are not the root')
  assert.match(wrong.err, /not the root of this desk/)
  const admitted = await play<Came>([...admission, '--root'], withRoot(desk))
  assert.deepEqual(
    [admitted.waits, admitted.byRoot],
    [false, true],
    'the root is the second person',
  )
  await play(['queue', ...to, '--as', third])
})

test('whoever steals the first coordinator’s keys is one person: they make and end no coordinator', async (t) => {
  const desk = await openDesk((end) => t.after(end))
  const { first } = desk
  await addMember(desk, 'Coordinator 2', 'coordinator')
  await addMember(desk, 'Maintainer 1', 'maintainer:example')

  // All that the file and its passphrase give, opened by hand: signing and reading keys, and no root.
  const { vault } = readKeyFile(await readFile(first.key, 'utf8'))
  const way = {
    kind: 'file',
    id: '',
    key: await fileKey(PASSPHRASE, desk.desk, vault.who),
  } as const
  const opened = await openVault(desk.desk, vault, way)
  assert.equal(opened.root, undefined)
  const root = rootSeed(readCode(desk.root))

  // A vault from elsewhere that does hold it: the client takes no root from there.
  const bundle = { sign: opened.sign, pgp: opened.pgp, root }
  const holding = await closeVault(desk.desk, vault.who, bundle, [way])
  const path = join(desk.folder, 'with-root.key')
  await writeFile(path, writeKeyFile(desk.desk, holding))
  for (const key of [first.key, path]) {
    const thief = first.flags.map((flag) => (flag === first.key ? key : flag))
    const grown = await play<Came>(['member', 'roles', 'Maintainer 1', ...thief, ...COORDINATOR])
    assert.deepEqual([grown.waits, grown.byRoot], [true, false])
    const ended = await play<Came>(['member', 'revoke', 'Coordinator 2', ...thief])
    assert.deepEqual([ended.waits, ended.byRoot], [true, false])
  }
  const { members } = await play<{ members: { name: string; roles: string[]; active: boolean }[] }>(
    ['member', 'list', ...first.flags],
  )
  const named = (name: string) => members.find((each) => each.name === name)
  assert.equal(named('Coordinator 2')?.active, true)
  assert.deepEqual(named('Maintainer 1')?.roles, ['maintainer:example'])
})

const COORDINATOR = ['--role', 'coordinator']
const WRONG = `${'abandon '.repeat(11)}about`
