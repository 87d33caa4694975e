import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { search } from './canary.ts'
import { askDatabase, checkpointDatabase } from './database.ts'
import { MAILBOX_PASSWORD, MAILBOX_USER, startDovecot } from './dovecot.ts'
import { endsInTurn } from './ends-in-turn.ts'
import { startMailSink } from './mail-sink.ts'
import { openDesk, play, postern, queueOf, scratchFolder, serve } from './stage.ts'

const MANY = 16

test('a mailbox is emptied into the desk, and an old one is imported', async (t) => {
  const after = endsInTurn(t)
  const dovecot = await startDovecot()
  after(() => dovecot.close())
  const sink = await startMailSink()
  after(() => sink.close())
  const folder = await scratchFolder(after)
  const [password, ca] = [join(folder, 'password'), join(folder, 'ca.pem')]
  writeFileSync(password, `${MAILBOX_PASSWORD}\n`, { mode: 0o600 })
  writeFileSync(ca, dovecot.ca)
  const word = `CANARY${randomBytes(8).toString('hex')}`
  const mailOf = (subject: string): string =>
    [
      `Return-Path: <${word}@example.net>`,
      'Delivered-To: security@example.org',
      'Received: by mail.example.org; Sat, 21 Nov 2026 22:00:00 +0000',
      `From: Reporter ${word} <${word}@example.net>`,
      'To: security@example.org',
      `Subject: ${subject} ${word}`,
      '',
      `It crashes ${word}.`,
      '',
    ].join('\n')
  // It lies there before there is a desk.
  dovecot.deliver(mailOf('the first'))
  const where = `imaps://${encodeURIComponent(MAILBOX_USER)}@localhost:${dovecot.port}/INBOX`
  const desk = await openDesk(after, {
    more: [
      '--limits',
      'off',
      '--mail-address',
      'security@example.org',
      '--mail-relay',
      `127.0.0.1:${sink.port}`,
      '--pull',
      where,
      '--pull-password-file',
      password,
      '--pull-ca',
      ca,
    ],
  })
  const { data } = desk.server
  let server = desk.server
  after(async () => {
    await server.stop()
  })
  const cases = async (count: number): Promise<void> => {
    for (let left = 600; ; left--) {
      const [row] = await askDatabase<{ n: number }>(
        data,
        'select count(*)::int as n from desk.case',
      )
      if (Number(row?.n) >= count) return
      assert.ok(left > 0, server.printed())
      await wait(50)
    }
  }

  await t.test(
    'what came before the desk was set up is there; an address that nobody signed for is not answered',
    async () => {
      await cases(1)
      dovecot.deliver(mailOf('the second'))
      await cases(2)
    },
  )

  await t.test('kill -9 while mails are pulled: each is a case, once', async () => {
    for (let n = 0; n < MANY; n++) dovecot.deliver(mailOf(`mail ${n}`))
    await cases(3)
    await server.kill()
    // What was said once is kept: the mailbox is pulled again by itself.
    server = await serve({ data, port: server.port })
    await cases(2 + MANY)
    assert.equal(sink.mails.length, 0, 'nothing says that it is its sender’s address')
    const seen = await play<Tested>(['mail', 'test', '--data', data, '--json'])
    assert.deepEqual(seen.pull, { trouble: '', waiting: 0, tooLarge: 0 })
  })

  await t.test(
    'an archive is imported beside the running server, twice, and is there once',
    async () => {
      const mbox = join(folder, 'old.mbox')
      const border = 'From - Mon Feb 01 10:00:00 2016'
      const old = ['a', 'b', 'c'].map(
        (name) => `${border}\nDate: Mon, 1 Feb 2016 10:00:00 +0000\n${mailOf(name)}`,
      )
      writeFileSync(mbox, old.map((mail) => `${mail}\n`).join(''))
      const maildir = join(folder, 'old')
      for (const part of ['cur', 'new', 'tmp']) mkdirSync(join(maildir, part), { recursive: true })
      writeFileSync(join(maildir, 'cur', '1.a:2,S'), mailOf('d').replaceAll('\n', '\r\n'))
      writeFileSync(join(maildir, 'new', '2.a'), mailOf('e'))
      const before = 2 + MANY
      const imported = (path: string) =>
        play<Imported>(['mail', 'import', path, '--data', data, '--json'])
      assert.deepEqual(countsOf(await imported(mbox)), {
        taken: 3,
        known: 0,
        tooLarge: 0,
        failed: 0,
      })
      const again = await postern(['mail', 'import', mbox, '--data', data])
      assert.match(again.out, /^0 mails are cases now; 3 were cases already\./m)
      assert.deepEqual(countsOf(await imported(maildir)), {
        taken: 2,
        known: 0,
        tooLarge: 0,
        failed: 0,
      })
      const rows = await queueOf(desk.first)
      assert.equal(rows.length, before + 5)
      assert.equal(rows.filter(({ due }) => due === '').length, 5, 'nobody waits for an answer')
      assert.equal(sink.mails.length, 0, 'nobody is told')
      const verified = await postern(['verify', '--data', data])
      assert.equal(verified.code, 0, verified.err)
    },
  )

  await t.test('a wrong password is said loudly, and stops nothing else', async () => {
    writeFileSync(password, 'another one')
    chmodSync(password, 0o644)
    await server.stop()
    server = await serve({ data, port: server.port })
    for (let left = 100; !/"trouble":"login"/.test(server.printed()); left--) {
      assert.ok(left > 0, server.printed())
      await wait(50)
    }
    const ill = await doctor(data)
    assert.match(
      ill,
      /^bad +No mail is pulled from localhost: the log-in is refused\. It worked last at/m,
    )
    assert.match(ill, /^bad +Others may read .*password/m)
    const tested = await postern(['mail', 'test', '--data', data])
    assert.equal(tested.code, 5)
    assert.match(tested.out, /Nothing can be pulled: the log-in is refused/)
    assert.doesNotMatch(server.printed() + ill + tested.out, /another one/)
  })

  await t.test('neither disk nor log holds a readable word of what was pulled', async () => {
    await checkpointDatabase(data)
    writeFileSync(join(data, 'printed.log'), desk.server.printed() + server.printed())
    const found = await search([word, MAILBOX_PASSWORD], [data])
    assert.deepEqual(found.hits, [])
    assert.ok(found.files > 500, 'the search read too little')
  })
})

type Tested = { readonly pull?: { readonly trouble: string; readonly waiting: number } }
type Imported = Readonly<Record<'taken' | 'known' | 'tooLarge' | 'failed', number>>

function countsOf({ taken, known, tooLarge, failed }: Imported): Imported {
  return { taken, known, tooLarge, failed }
}

async function doctor(data: string): Promise<string> {
  return (await postern(['doctor', '--data', data])).out
}
