import assert from 'node:assert/strict'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { LIMITS, MINUTE, timeOf } from '#lexicon'
import type { PullSeen } from '#intake'
import { openArchive } from './archive-mails.ts'
import { readServeArguments } from './arguments.ts'
import { examinePull } from './examine-pull.ts'
import { openPulled } from './open-pull.ts'
import { isMailSettings, saidOfMail } from './mail-settings.ts'
import type { MailPull } from './pull-settings.ts'
import { keepPullState, readPullState } from './pull-state.ts'
import { keepSettings } from './settings.ts'
import { scratchFolder } from './trial-server.ts'

const usage = { name: 'ServerError', code: 'usage' }
const said = (...args: readonly string[]) => readServeArguments(args).mail
const BOX = 'imaps://security%40example.org@mail.example.org/INBOX'
const PULL: MailPull = {
  host: 'mail.example.org',
  port: 993,
  user: 'security@example.org',
  folder: 'INBOX',
  afterwards: 'keep',
  secret: 'password',
  secretFile: '/etc/postern/imap',
}

test('a mailbox is named by its address, and its secret by a file', () => {
  const { pull } = said('--pull', BOX, '--pull-password-file', '/etc/postern/imap')
  assert.deepEqual(pull, PULL)
  const other = said(
    '--pull',
    'imaps://desk@[::1]:1993/Desk%2FIn',
    '--pull-token-file',
    '/a',
    '--pull-ca',
    '/b',

    '--pull-then',
    'move:Taken over',
  )
  assert.deepEqual(other.pull, {
    host: '::1',
    port: 1993,
    user: 'desk',
    folder: 'Desk/In',
    secret: 'token',
    secretFile: '/a',
    afterwards: { move: 'Taken over' },
    caFile: '/b',
  })
  assert.equal(said('--pull', 'off').pull, 'off')
  const file = ['--pull-password-file', 'f']
  for (const args of [
    ['--pull', BOX],
    ['--pull', BOX, ...file, '--pull-token-file', 'g'],
    ['--pull', 'off', ...file],
    file,
    ['--pull-then', 'delete'],
    ['--pull', BOX, ...file, '--pull-then', 'burn'],
    ['--pull', BOX, ...file, '--pull-then', 'move:'],
    // Whoever else works on this machine reads the command line.
    ['--pull', 'imaps://desk:secret@mail.example.org/', ...file],
    // No fallback to a line that others read.
    ['--pull', 'imap://desk@mail.example.org/INBOX', ...file],
    ['--pull', 'imaps://mail.example.org/INBOX', ...file],
    ['--pull', 'imaps://desk@mail.example.org/INBOX?a', ...file],
    ['--pull', 'imaps://desk@mail.example.org/%0a', ...file],
    ['--pull', 'imaps://desk@mail.example.org/%', ...file],
    ['--pull', 'INBOX', ...file],
  ])
    assert.throws(() => said(...args), usage, args.join(' '))
})

test('a mailbox is said once, kept, and taken back', () => {
  const mail = saidOfMail(undefined, {
    ...said('--pull', BOX, '--pull-password-file', '/etc/postern/imap'),
    addresses: ['security@example.org'],
  })
  assert.deepEqual(mail, { addresses: ['security@example.org'], pull: PULL })
  assert.deepEqual(saidOfMail(mail, said('--mail-port', '25')), { ...mail, port: 25 })
  assert.deepEqual(saidOfMail(mail, said('--pull', 'off')), { addresses: ['security@example.org'] })
  assert.equal(isMailSettings({ ...mail, pull: { ...PULL, password: 'x' } }), false)
  assert.equal(isMailSettings({ ...mail, pull: { ...PULL, afterwards: 'burn' } }), false)
  const folder = scratchFolder()
  keepSettings(folder, { mail: { addresses: ['security@example.org'], pull: PULL } })
  assert.throws(() => keepSettings(folder, { mail: { addresses: [], pull: PULL } }), usage)
  const same = { ...PULL, afterwards: { move: 'inbox' } }
  assert.throws(
    () => keepSettings(folder, { mail: { addresses: ['security@example.org'], pull: same } }),
    usage,
    'it would come again and again',
  )
})

test('the doctor says whether it works, how many wait, and what to do', () => {
  const folder = scratchFolder()
  const secretFile = join(folder, 'imap')
  const settings = { mail: { addresses: ['security@example.org'], pull: { ...PULL, secretFile } } }
  const found = (seen?: Partial<PullSeen>) => {
    if (seen !== undefined)
      keepPullState(folder, {
        trouble: '',
        waiting: 0,
        tooLarge: 0,
        stuck: 0,
        worked: 0,
        ...seen,
      })
    return examinePull({ data: { path: folder, seed: new Uint8Array(32) }, settings })
  }
  assert.deepEqual(
    examinePull({ data: { path: folder, seed: new Uint8Array(32) }, settings: {} }),
    [],
  )
  assert.deepEqual(
    found().map(({ level }) => level),
    ['look'],
  )
  const now = Date.now()
  const fine = found({ worked: now, waiting: 3 })
  assert.deepEqual(fine, [
    {
      level: 'good',
      what: `Mail is pulled from mail.example.org. It worked last at ${timeOf(now)}. 3 mails wait there.`,
      todo: '',
    },
  ])
  assert.deepEqual(
    found({ worked: now - 20 * MINUTE }).map(({ level }) => level),
    ['look'],
  )
  for (const trouble of [
    'login',
    'secret',
    'tls',
    'unreachable',
    'late',
    'folder',
    'marks',
    'broken',
    'desk',
  ] as const) {
    const [finding] = found({ trouble })
    assert.equal(finding?.level, 'bad', trouble)
    assert.match(
      finding?.what ?? '',
      /No mail is pulled from mail\.example\.org: .*It never worked/,
    )
    assert.notEqual(finding?.todo, '')
  }
  const left = found({ worked: now, waiting: 2, tooLarge: 1, stuck: 1 })
  assert.deepEqual(
    left.map(({ level }) => level),
    ['good', 'look', 'bad'],
  )
  writeFileSync(secretFile, 'x')
  chmodSync(secretFile, 0o644)
  assert.match(found({ worked: now }).at(-1)?.what ?? '', /Others may read/)
  writeFileSync(join(folder, 'mail-pull.json'), '{"trouble":""}')
  assert.equal(readPullState(folder), undefined, 'half a state is none')
})

test('a file that is not there is said as that, and nobody is called', async () => {
  assert.equal(await openPulled({ ...PULL, secretFile: '/nowhere/imap' }), 'secret')
  assert.equal(await openPulled({ ...PULL, caFile: '/nowhere/ca' }), 'tls')
  const empty = join(scratchFolder(), 'imap')
  writeFileSync(empty, '\n')
  assert.equal(await openPulled({ ...PULL, secretFile: empty }), 'secret')
})

test('an archive is a mail, an mbox or a Maildir', async () => {
  const folder = scratchFolder()
  const file = (name: string, text: string | Uint8Array): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const kinds = async (path: string) => {
    const archive = await openArchive(path)
    const mails: string[] = []
    for await (const mail of archive.mails())
      mails.push(mail === 'too-large' ? mail : Buffer.from(mail.raw).toString())
    assert.equal(archive.read(), archive.size)
    return [archive.kind, ...mails]
  }
  assert.deepEqual(await kinds(file('one.eml', 'Subject: a\r\n\r\nb')), [
    'mail',
    'Subject: a\r\n\r\nb',
  ])
  const border = 'From - Sat Nov 21 22:00:00 2026\n'
  assert.deepEqual(await kinds(file('some.mbox', `${border}a\n\n${border}b\n\n`)), [
    'mbox',
    'a\n',
    'b\n',
  ])
  assert.deepEqual(await kinds(file('large.eml', new Uint8Array(LIMITS.mail + 1))), [
    'mail',
    'too-large',
  ])
  await assert.rejects(openArchive(join(folder, 'nothing')), { code: 'not-found' })
  await assert.rejects(openArchive(folder), usage)
  await assert.rejects(openArchive('/dev/null'), usage)
})
