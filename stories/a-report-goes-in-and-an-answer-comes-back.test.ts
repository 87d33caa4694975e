import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  addMember,
  file,
  follow,
  openDesk,
  play,
  postern,
  queueOf,
  reporterFlags,
} from './stage.ts'

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

test('a reporter files, a coordinator answers, and twelve words bring the answer back', async (t) => {
  const desk = await openDesk((end) => t.after(end))
  const attachment = randomBytes(3 * 2 ** 20 + 17)
  const proof = join(desk.folder, 'proof.bin')
  await writeFile(proof, attachment)

  const text = '# **Overflow** in `read_table()`\n\nA long line writes past its buffer.\n'
  const filed = await file(desk, text, ['--attach', proof, '--project', 'Example Project'])
  assert.match(filed.receipt, /^([a-z]+ ){11}[a-z]+$/)
  assert.match(filed.number, /^\d{4}-[0-9A-HJKMNP-TV-Z]{5}$/)
  assert.match(filed.sha256, /^[0-9a-f]{64}$/)

  const [row, ...others] = await queueOf(desk.first)
  assert.equal(others.length, 0)
  assert.equal(row?.number, filed.number)
  assert.equal(row?.id, filed.sha256)
  assert.equal(row?.title, 'Overflow in read_table()')
  assert.equal(row?.lane, 'new')
  assert.equal(Date.parse(row?.due ?? '') - Date.parse(row?.received ?? ''), 7 * 24 * 3600 * 1000)
  const before = await follow(desk, filed.receipt)
  assert.equal(before.state, 'received')
  assert.equal(before.messages[0]?.from, 'reporter')

  await play(['case', 'ack', filed.number, ...desk.first.flags])
  const [acknowledged] = await queueOf(desk.first)
  assert.equal(acknowledged?.due, '')
  assert.equal(acknowledged?.lane, 'open')

  const saved = join(desk.folder, 'saved.bin')
  await play(['case', 'get', filed.number, 'proof.bin', '-o', saved, ...desk.first.flags])
  assert.equal(sha256(await readFile(saved)), sha256(attachment))

  const patch = join(desk.folder, 'fix.patch')
  await writeFile(patch, '--- a\n+++ b\n')
  await play(
    ['case', 'reply', filed.number, '--text', '-', '--attach', patch, ...desk.first.flags],
    { input: 'Thank you. A fix is on its way.\n' },
  )
  await play(['case', 'sort', filed.number, 'vulnerability', ...desk.first.flags])

  const seen = await follow(desk, filed.receipt)
  assert.equal(seen.state, 'acknowledged')
  assert.deepEqual(
    seen.messages.map((message) => message.from),
    ['reporter', 'Coordinator 1'],
  )
  assert.equal(seen.messages[1]?.text, 'Thank you. A fix is on its way.\n')
  assert.equal(seen.messages[0]?.attachments[0]?.sha256, sha256(attachment))
  assert.equal(seen.messages[1]?.attachments[0]?.sha256, sha256(await readFile(patch)))

  const reply = join(desk.folder, 'reply.txt')
  await writeFile(reply, 'The fix works here.\n')
  const answered = await follow(desk, filed.receipt.toUpperCase(), ['--reply', reply])
  assert.equal(answered.messages.at(-1)?.text, 'The fix works here.\n')

  const shown = await play<{ messages: { text: string; from: string }[] }>([
    'case',
    'show',
    filed.number,
    ...desk.first.flags,
  ])
  assert.equal(shown.messages.at(-1)?.text, 'The fix works here.\n')
  assert.equal(shown.messages.at(-1)?.from, 'reporter')

  const closed = await play<{ state: string }>([
    'case',
    'close',
    filed.number,
    '--reason',
    'Fixed in the next release.',
    ...desk.first.flags,
  ])
  assert.equal(closed.state, 'closed')
  assert.equal((await queueOf(desk.first)).length, 0)
  assert.equal((await queueOf(desk.first, ['--all'])).length, 1)
})

test('a second coordinator is invited, compared and admitted, and sees what came before', async (t) => {
  const desk = await openDesk((end) => t.after(end))
  const filed = await file(desk, 'Cookies without a flag\n\nOn the download page.\n')
  const second = await addMember(desk, 'Coordinator 2', 'coordinator')
  const [row] = await queueOf(second)
  assert.equal(row?.number, filed.number)
  assert.equal(row?.title, 'Cookies without a flag')
  await play(['case', 'ack', filed.number, ...second.flags])
  const { members } = await play<{ members: { name: string; roles: string[]; met: string }[] }>([
    'member',
    'list',
    ...second.flags,
  ])
  assert.deepEqual(
    members.map(({ name, roles, met }) => [name, roles.join(), met]),
    [
      ['Coordinator 1', 'coordinator', 'seen'],
      ['Coordinator 2', 'coordinator', 'words'],
    ],
  )
})

test('words that the desk does not know give exit 4 and nothing on stdout', async (t) => {
  const desk = await openDesk((end) => t.after(end))
  const unknown = 'legal winner thank year wave sausage worth useful legal winner thank yellow'
  for (const words of [unknown, `${unknown} yellow`, 'one two three']) {
    const ran = await postern(['follow', ...reporterFlags(desk), '--receipt', words])
    assert.equal(ran.code, 4, ran.err)
    assert.equal(ran.out, '')
    assert.notEqual(ran.err, '')
  }
})
