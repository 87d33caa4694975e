import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createPublicKey } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import {
  folderWithKey,
  operate,
  postJson,
  type Running,
  scratchFolder,
  serveTrial,
} from '../src/server/trial-server.ts'
import { mailQueue, type QueueSeen } from '../src/server/mail-queue.ts'
import { startMailSink } from './mail-sink.ts'
import { newWorld, seedOf } from './world.ts'

const run = promisify(execFile)
const world = await newWorld(Date.now())
const running: Running[] = []
after(async () => {
  for (const server of running) await server.end('SIGKILL')
})

type Desk = {
  readonly data: string
  readonly port: number
  readonly address: string
  readonly server: Running
}

/** A desk that is open, takes mail for one address and hands its own to `relay`. */
async function deskAt(address: string, port: number, relay: number): Promise<Desk> {
  const data = folderWithKey(scratchFolder(), seedOf('server'))
  const mail = ['--mail-port', `${port}`, '--mail-address', address]
  const out = ['--mail-relay', `127.0.0.1:${relay}`]
  const server = await serveTrial(['--data', data, '--limits', 'off', ...mail, ...out])
  running.push(server)
  const { url, secret } = server
  assert.equal((await postJson(url, '/api/v1/setup', { secret, batch: world.batch })).status, 201)
  return { data, port, address, server }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** As anybody's program sends it; throws unless it was taken. */
async function mail({ port, address }: Desk, from: string, ...headers: string[]): Promise<void> {
  const more = headers.flatMap((header) => ['--header', header])
  const body = ['--header', 'Subject: quetzal-subject', '--body', 'quetzal-body']
  const where = ['--server', '127.0.0.1', '--port', `${port}`, '--to', address]
  await run('swaks', [...where, '--from', from, ...more, ...body, '--hide-all'])
}

/** What the operator’s command prints, without a process for each look. */
function queueOf({ data }: Desk): Promise<QueueSeen> {
  return mailQueue({ data, databaseUrl: undefined, json: true }, () => undefined)
}

test('who writes gets one receipt within seconds, no program gets any, and a relay that comes back carries on', async (t) => {
  const port = await freePort()
  const first = await startMailSink({ port })
  t.after(first.close)
  const desk = await deskAt('security@a.example', await freePort(), port)
  const began = Date.now()
  await mail(desk, 'volunteer.quetzal@example.org', 'Message-Id: <quetzal-1@example.org>')
  const [receipt] = await first.whenMails(1)
  assert.ok(receipt)
  assert.ok(receipt.at - began < 5000, `${receipt.at - began} ms`)
  assert.deepEqual([receipt.from, receipt.to], ['', 'volunteer.quetzal@example.org'])
  assert.match(receipt.data, /^From: .*<security@a\.example>\r$/m)
  assert.match(receipt.data, /^Auto-Submitted: auto-replied\r$/m)
  assert.match(receipt.data, /^In-Reply-To: <quetzal-1@example\.org>\r$/m)
  assert.match(receipt.data, /Number: +\d{4}-[0-9A-Z]{5}\r$/m)
  assert.ok(!receipt.data.includes('quetzal-subject') && !receipt.data.includes('quetzal-body'))

  assert.match(receipt.data, /^Reply-To: security\+r[a-z2-7]{26}@a\.example\r$/m)

  // The same person again, under another spelling, and everything that no person wrote.
  await Promise.all([
    mail(desk, 'Volunteer.Quetzal+2@example.org'),
    mail(desk, 'robot@example.org', 'Auto-Submitted: auto-replied'),
    mail(desk, 'list@example.org', 'List-Id: <users.example.org>'),
    mail(desk, 'bulk@example.org', 'Precedence: bulk'),
    mail(desk, 'mailer-daemon@example.org'),
    mail(desk, '<>'),
    mail(desk, 'security+1@a.example'),
  ])

  await first.close()
  await mail(desk, 'second.quetzal@example.org')
  const until = async (what: (seen: QueueSeen) => boolean): Promise<QueueSeen> => {
    for (let left = 40; left > 0; left--) {
      const seen = await queueOf(desk)
      if (what(seen)) return seen
      await pause(250)
    }
    throw new Error('the queue never came to that')
  }
  const away = await until(({ mails }) => mails.some(({ answer }) => answer === 'unreachable'))
  assert.deepEqual(away.counts, { sent: 1, waiting: 1 })
  assert.match(away.mails[0]?.case ?? '', /^\d{4}-[0-9A-Z]{5}$/)
  const back = await startMailSink({
    port,
    answer: (line) => (line.includes('gone') ? '550 5.1.1 nobody' : undefined),
  })
  t.after(back.close)
  const [[late]] = await Promise.all([
    back.whenMails(1, 20_000),
    mail(desk, 'gone.quetzal@example.org'),
  ])
  assert.equal(late?.to, 'second.quetzal@example.org')
  const done = await until(({ counts }) => counts['waiting'] === undefined)
  assert.deepEqual(done.counts, { dead: 1, sent: 2 })
  assert.deepEqual(
    done.mails.map(({ state, answer }) => [state, answer]),
    [['dead', '550 5.1.1']],
  )
  assert.equal(first.mails.length + back.mails.length, 2)
  const { code, out } = await operate(['mail', 'queue', '--data', desk.data])
  assert.equal(code, 0)
  assert.match(
    out,
    /^0 wait, 2 were sent, 1 were refused, 0 were given up\.\n\d{4}-\w{5} {2}receipt {2}dead .*550 5\.1\.1\n$/,
  )

  // Who has the disk and the logs, but not post.key, learns nobody's address.
  assert.equal(statSync(join(desk.data, 'post.key')).mode & 0o777, 0o600)
  const { err } = await desk.server.end()
  for (const word of ['quetzal', 'robot@', 'example.org']) assert.ok(!err.includes(word), word)
  const files = readdirSync(desk.data, { recursive: true, withFileTypes: true })
  const whole = files
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name))
  assert.ok(whole.some((file) => file.includes('pg_wal')))
  for (const file of whole) assert.ok(!/quetzal/i.test(readFileSync(file, 'latin1')), file)
  assert.match(readFileSync(join(desk.data, 'post.key'), 'utf8'), /^[0-9a-f]{64}\n$/)
})

test('two desks that write to each other stop after one mail', async () => {
  const [one, other] = [await freePort(), await freePort()]
  const [a, b] = await Promise.all([
    deskAt('security@a.example', one, other),
    deskAt('security@b.example', other, one),
  ])
  // As if desk A had written it: the answer of B goes to A.
  await Promise.all([mail(b, 'security@a.example'), mail(a, 'security@b.example')])
  await pause(5000)
  const [atA, atB] = await Promise.all([queueOf(a), queueOf(b)])
  assert.deepEqual([atA.counts, atB.counts], [{ sent: 1 }, { sent: 1 }])
})

test('the operator’s test mail says what the relay said, and no more than that', async (t) => {
  const sink = await startMailSink({
    answer: (line) =>
      line.includes('gone') ? '550 5.1.1 <gone.quetzal@example.org> nobody' : undefined,
  })
  t.after(sink.close)
  const data = folderWithKey(scratchFolder(), seedOf('server'))
  const test = (to: string) => operate(['mail', 'test', '--to', to, '--data', data, '--json'])
  assert.equal((await test('a@example.org')).code, 2)
  const relay = { host: '127.0.0.1', port: sink.port, tls: 'opportunistic' }
  const settings = { mail: { addresses: ['security@a.example'], relay } }
  writeFileSync(join(data, 'settings.json'), JSON.stringify(settings))
  const sent = await test('a@example.org')
  assert.equal(sent.code, 0)
  assert.deepEqual(JSON.parse(sent.out), { became: 'sent', answer: '250 2.0.0' })
  assert.equal(sink.mails[0]?.to, 'a@example.org')
  assert.match(sink.mails[0].data, /^Auto-Submitted: auto-generated\r$/m)
  const gone = await test('gone.quetzal@example.org')
  assert.equal(gone.code, 5)
  assert.deepEqual(JSON.parse(gone.out), { became: 'dead', answer: '550 5.1.1' })
  await sink.close()
  assert.deepEqual(JSON.parse((await test('a@example.org')).out), {
    became: 'later',
    answer: 'unreachable',
  })
})

test('where TLS is required a mail goes out signed and over a certificate that verifies, or not at all', async (t) => {
  const folder = scratchFolder()
  const file = (name: string) => join(folder, name)
  const days = ['-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  const made = ['-keyout', file('tls.key'), '-out', file('tls.pem')]
  await run('openssl', ['req', '-x509', '-newkey', 'ed25519', '-nodes', ...days, ...made])
  await run('openssl', ['genrsa', '-out', file('dkim.pem'), '2048'])
  const tls = {
    cert: readFileSync(file('tls.pem'), 'utf8'),
    key: readFileSync(file('tls.key'), 'utf8'),
  }
  const sink = await startMailSink({ tls })
  t.after(sink.close)
  const data = folderWithKey(folder, seedOf('server'))
  const relay = { host: 'localhost', port: sink.port, tls: 'required' }
  const dkim = { domain: 'example.org', selector: 'postern', keyFile: file('dkim.pem') }
  const settings = { mail: { addresses: ['security@mail.example.org'], relay, dkim } }
  writeFileSync(join(data, 'settings.json'), JSON.stringify(settings))
  const test = async (env: Record<string, string>): Promise<unknown> =>
    JSON.parse(
      (await operate(['mail', 'test', '--to', 'a@example.org', '--data', data, '--json'], { env }))
        .out,
    )
  assert.deepEqual(await test({}), { became: 'later', answer: 'tls' })
  assert.equal(sink.mails.length, 0)
  const trusted = { NODE_EXTRA_CA_CERTS: file('tls.pem') }
  assert.deepEqual(await test(trusted), { became: 'sent', answer: '250 2.0.0' })
  const published = createPublicKey(readFileSync(file('dkim.pem')))
  const record = published.export({ type: 'spki', format: 'der' }).toString('base64')
  const asked: string[] = []
  const { results } = await dkimVerify(Buffer.from(sink.mails[0]?.data ?? '', 'latin1'), {
    resolver: (name: string) => {
      asked.push(name)
      return Promise.resolve([[`v=DKIM1; k=rsa; p=${record}`]])
    },
  })
  assert.deepEqual(asked, ['postern._domainkey.example.org'])
  assert.equal(results[0]?.status.result, 'pass')
  assert.equal(results[0].status.aligned, 'example.org')
})
