import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { openKeyFile, readKeyFile, type Self } from '#client'
import { derive, readCode, readVault, receiptKeys } from '#seal'
import { openVault } from '#unseal'
import { askDatabase } from './database.ts'
import {
  type Actor,
  addMember,
  file,
  follow,
  type OpenDesk,
  openDesk,
  PASSPHRASE,
  play,
  postern,
  queueOf,
  withRoot,
} from './stage.ts'
import { openAll, stealEverything } from './thief.ts'

const sayTo = (words: string) => ({ input: `${words}\n` })

async function selfOf(actor: Actor): Promise<Self> {
  return openKeyFile(readKeyFile(await readFile(actor.key, 'utf8')), { passphrase: PASSPHRASE })
}

/** The reporter's secret key, from the words and the vault that lies in the database. */
async function reporterSecret(desk: OpenDesk, words: string): Promise<Uint8Array> {
  const { lookup, wrap } = receiptKeys(readCode(words), desk.desk)
  const [row] = await askDatabase<{ vault: string }>(
    desk.server.data,
    `select vault from keys.vault where lookup = '\\x${lookup}'`,
  )
  const vault = readVault(row?.vault ?? '')
  const { pgp } = await openVault(desk.desk, vault, { kind: 'receipt', id: lookup, key: wrap })
  return pgp
}

test('the reporter’s key, with the whole database in hand, opens no team note', async (t) => {
  const desk = await openDesk((end) => t.after(end))
  await addMember(desk, 'Coordinator 2', 'coordinator')
  await addMember(desk, 'Maintainer 1', 'maintainer:example')
  const proof = join(desk.folder, 'proof.txt')
  await writeFile(proof, 'a proof\n')
  const filed = await file(desk, 'A report\n\nwith a file', ['--attach', proof])
  await file(desk, 'A report of somebody else')
  const { number } = filed
  const flags = desk.first.flags
  await queueOf(desk.first)
  await play(['case', 'ack', number, ...flags])
  await play(['case', 'reply', number, '--text', '-', ...flags], sayTo('An answer'))
  await play(['case', 'note', number, '--text', '-', '--attach', proof, ...flags], sayTo('A note'))
  await play(['case', 'add', number, 'Maintainer 1', '--project', 'example', ...flags])
  const inProject = ['case', 'reply', number, '--project', 'example', '--text', '-', ...flags]
  await play(inProject, sayTo('Among the project'))

  const loot = await stealEverything(desk.server.data)
  const { opened, keys } = await openAll(loot, [await reporterSecret(desk, filed.receipt)])
  const what = [...opened].map(({ type, to, chain }) => `${type} ${to} ${chain === filed.sha256}`)
  assert.deepEqual(what.sort(), [
    'case.message body all/1 true',
    'case.open body desk/1 true',
    'case.open file desk/1 true',
    'wrap all/1 true',
  ])
  assert.equal(keys, 2)
  const notes = loot.filter(({ type, to }) => type.startsWith('case.message') && to === 'desk/1')
  assert.equal(notes.length, 2, 'the note and its file are in the database')
  assert.ok(loot.some(({ to }) => to === 'p-example/1'))

  // The titles in the queue lie under a key of the desk: no secret of the reporter derives it.
  const labels = await askDatabase<{ bytes: Uint8Array }>(
    desk.server.data,
    'select bytes from keys.label',
  )
  assert.ok(labels.length >= 2)
  const secret = await reporterSecret(desk, filed.receipt)
  for (const { bytes } of labels) {
    const key = derive(secret, desk.desk, 'label')
    const opening = crypto.subtle
      .importKey('raw', key, 'AES-GCM', false, ['decrypt'])
      .then((aes) =>
        crypto.subtle.decrypt({ name: 'AES-GCM', iv: bytes.slice(0, 12) }, aes, bytes.slice(12)),
      )
    await assert.rejects(opening)
  }
  t.diagnostic(`${loot.length} sealed things tried with ${keys} keys, ${opened.size} opened`)

  // The thief of the same test does open the note with a coordinator's key, so it looked properly.
  const { key } = await selfOf(desk.first)
  const all = await openAll(loot, [key.secret])
  for (const note of notes) assert.ok(all.opened.has(note))
})

test('a maintainer removed from a case reads nothing that comes after', async (t) => {
  const desk = await openDesk((end) => t.after(end))
  const maintainer = await addMember(desk, 'Maintainer 1', 'maintainer:example')
  const filed = await file(desk, 'A report')
  const { number } = filed
  const flags = desk.first.flags
  await play(['case', 'add', number, 'Maintainer 1', ...flags])
  await play(['case', 'reply', number, '--text', '-', ...flags], sayTo('Before'))
  const shown = await play<{ messages: { text: string }[] }>([
    'case',
    'show',
    number,
    ...maintainer.flags,
  ])
  assert.deepEqual(
    shown.messages.map(({ text }) => text),
    ['Before\n'],
  )
  await play(['case', 'remove', number, 'Maintainer 1', ...flags])
  await play(['case', 'reply', number, '--text', '-', ...flags], sayTo('After'))
  await follow(desk, filed.receipt, ['--reply', await words(desk, 'Also after')])

  const refused = await postern(['case', 'show', number, ...maintainer.flags])
  assert.ok(refused.code === 4 || !refused.out.includes('After'), refused.out)

  const { key } = await selfOf(maintainer)
  const loot = await stealEverything(desk.server.data)
  const { opened } = await openAll(loot, [key.secret])
  assert.deepEqual([...opened].map(({ type, to }) => `${type} ${to}`).sort(), [
    'case.message body all/1',
    'wrap all/1',
  ])
  const after = loot.filter(({ to, type }) => to === 'all/2' && type === 'case.message body')
  assert.equal(after.length, 2)
})

test('a coordinator who left opens no later report, and cannot log in', async (t) => {
  const desk = await openDesk((end) => t.after(end))
  const second = await addMember(desk, 'Coordinator 2', 'coordinator')
  const early = await file(desk, 'Before they left')
  await play(['case', 'reply', early.number, '--text', '-', ...desk.first.flags], sayTo('Early'))
  const end = ['member', 'revoke', 'Coordinator 2', '--root', ...desk.first.flags]
  await play(end, withRoot(desk))
  const late = await file(desk, 'After they left')
  await play(['case', 'reply', early.number, '--text', '-', ...desk.first.flags], sayTo('Late'))

  const refused = await postern(['queue', ...second.flags])
  assert.equal(refused.code, 4, refused.err)
  assert.equal(refused.out, '')

  const { key } = await selfOf(second)
  const loot = await stealEverything(desk.server.data)
  const { opened } = await openAll(loot, [key.secret])
  const names = [...opened].map(({ type, to }) => `${type} ${to}`)
  assert.ok(names.includes('case.open body desk/1'), 'the old keys still open what is old')
  for (const item of opened) assert.notEqual(item.chain, late.sha256)
  assert.ok(!names.some((name) => name.includes('desk/2') || name.includes('all/2')), names.join())
  assert.ok(loot.some(({ to, chain }) => to === 'desk/2' && chain === late.sha256))
  assert.equal((await queueOf(desk.first)).length, 2)
})

async function words(desk: OpenDesk, text: string): Promise<string> {
  const path = join(desk.folder, 'words.txt')
  await writeFile(path, `${text}\n`)
  return path
}
