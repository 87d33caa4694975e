import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { test, type TestContext } from 'node:test'
import { createServer } from 'node:tls'
import { setTimeout as wait } from 'node:timers/promises'
import { type MailboxPlace, openMailbox, type PullSeen, pullMailbox } from '#intake'
import { MINUTE } from '#lexicon'
import { selfSignedCertificate } from './self-signed-certificate.ts'

/* A mailbox that says no: by a script, for no server does so when it is asked to. */

const { cert, key } = selfSignedCertificate('localhost', {
  now: Date.now(),
  random: (length) => crypto.getRandomValues(new Uint8Array(length)),
})
const MAIL = 'Subject: a\r\n\r\nwords\r\n'

test('a mark, a move, an erasure that is refused is told; the mail is taken once', async (t) => {
  for (const [afterwards, refused] of [
    ['keep', 'UID STORE'],
    ['delete', 'UID STORE'],
    ['delete', 'UID EXPUNGE'],
    [{ move: 'Taken' }, 'UID MOVE'],
  ] as const) {
    const server = await scripted(t, 'UIDPLUS MOVE', refused)
    const seen: PullSeen[] = []
    let taken = 0
    const pull = pullMailbox(
      {
        open: () => openMailbox(server.place(afterwards)),
        take: async () => {
          taken++
          return 'new'
        },
        isOpen: async () => true,
        clock: Date.now,
        seen: (now) => seen.push(now),
        failed: assert.ifError,
      },
      { look: 50, again: MINUTE, login: MINUTE, stuck: MINUTE },
    )
    t.after(() => pull.stop())
    for (let left = 200; seen.length < 3; left--) {
      assert.ok(left > 0, 'it does not look again')
      await wait(25)
    }
    await pull.stop()
    const name = `${JSON.stringify(afterwards)} ${refused}`
    for (const { trouble, waiting } of seen)
      assert.deepEqual([trouble, waiting], ['marks', 1], name)
    assert.equal(taken, 1, name)
  }
})

test('a mailbox that erases only what anybody marked as deleted is not read', async (t) => {
  for (const [capabilities, afterwards, expected] of [
    ['', 'delete', 'marks'],
    ['MOVE', 'delete', 'marks'],
    ['UIDPLUS', 'delete', 'opened'],
    ['', { move: 'Taken' }, 'marks'],
    ['UIDPLUS', { move: 'Taken' }, 'opened'],
    ['MOVE', { move: 'Taken' }, 'opened'],
    ['', 'keep', 'opened'],
  ] as const) {
    const server = await scripted(t, capabilities)
    const box = await openMailbox(server.place(afterwards))
    const name = `${capabilities} ${JSON.stringify(afterwards)}`
    assert.equal(typeof box === 'string' ? box : 'opened', expected, name)
    if (typeof box === 'string') continue
    assert.equal(await box.settle(7), true, name)
    await box.close()
    assert.equal(
      server.said.some((line) => line.startsWith('EXPUNGE')),
      false,
      name,
    )
  }
})

/** Holds one mail, whatever is done to it. */
async function scripted(t: TestContext, capabilities: string, refused = 'nothing') {
  const said: string[] = []
  const server = createServer({ cert, key }, (socket) => {
    const say = (line: string) => socket.write(`${line}\r\n`)
    socket.on('error', () => undefined)
    say('* OK ready')
    createInterface({ input: socket }).on('line', (line) => {
      const [tag = '', ...words] = line.split(' ')
      const command = words.join(' ')
      said.push(command)
      for (const each of answersTo(command, capabilities)) say(each)
      const no = command.startsWith(refused)
      say(no ? `${tag} NO [NOPERM] not you` : `${tag} OK done`)
      if (command === 'LOGOUT') socket.end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  const place = (afterwards: MailboxPlace['afterwards']): MailboxPlace => ({
    host: 'localhost',
    port,
    user: 'desk',
    folder: 'INBOX',
    afterwards,
    ca: cert,
    secret: async () => ({ password: 'a' }),
  })
  return { said, place }
}

function answersTo(command: string, capabilities: string): readonly string[] {
  if (command === 'CAPABILITY') return [`* CAPABILITY IMAP4rev1 ${capabilities}`.trim()]
  if (command.startsWith('LIST')) return ['* LIST () "/" INBOX']
  if (command.startsWith('SELECT'))
    return [
      '* FLAGS (\\Seen \\Deleted)',
      '* 1 EXISTS',
      '* OK [UIDVALIDITY 1] one',
      '* OK [UIDNEXT 8] next',
      '* OK [PERMANENTFLAGS (\\Seen \\Deleted \\*)] all',
    ]
  if (command.startsWith('UID SEARCH')) return ['* SEARCH 7']
  if (!command.startsWith('UID FETCH')) return []
  const body = command.includes('BODY') ? ` BODY[] {${MAIL.length}}\r\n${MAIL}` : ''
  const size = `RFC822.SIZE ${MAIL.length} INTERNALDATE "21-Nov-2026 22:00:00 +0000"`
  return [`* 1 FETCH (UID 7 ${size}${body})`]
}
