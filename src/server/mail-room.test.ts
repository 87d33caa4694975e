import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { spellingsOf } from '../../stories/canary.ts'
import { asOwner, newHouse } from '../../stories/house.ts'
import { startMailSink } from '../../stories/mail-sink.ts'
import { seedOf } from '../../stories/world.ts'
import { openMailRoom } from './mail-room.ts'
import type { MailSettings } from './mail-settings.ts'
import { scratchFolder } from './trial-server.ts'

const house = await newHouse()
const { database, directory, world } = house
after(() => database.close())
const data = { path: scratchFolder(), seed: seedOf('server') }
const addresses = ['security@example.org', 'report@example.org']

const room = (mail: MailSettings | undefined) =>
  openMailRoom(
    { data, database, settings: mail === undefined ? {} : { name: 'Another name', mail } },
    { url: 'https://desk.example', directory },
  )

async function delivery(kind: string, about: string, state: string, answer: string): Promise<void> {
  await asOwner(
    house,
    `insert into post.delivery (kind, about, state, at, answer) values ($1, decode($2, 'hex'), $3, $4, $5)`,
    [kind, about, state, new Date(Date.UTC(2026, 10, 21, 12)), answer],
  )
}

test('where nothing was said of mail, that is what it says', async () => {
  const counts = { waiting: 0, sent: 0, dead: 0, expired: 0, bounced: 0 }
  const { addresses: none, read } = room(undefined)
  assert.deepEqual(none, [])
  assert.deepEqual(await read(), { addresses: [], from: '', dkim: '', counts, mails: [] })
})

test('settings are shown without a login or a key file, and what waits without an address', async () => {
  await delivery('receipt', 'ab'.repeat(32), 'dead', '550 5.1.1')
  await delivery('change', world.coordinator.signer.who, 'waiting', 'unreachable')
  await delivery('receipt', 'ab'.repeat(32), 'sent', '250 2.0.0')
  const relay = {
    host: 'mail.example.org',
    port: 587,
    tls: 'required',
    user: 'quince-user',
  } as const
  const dkim = { domain: 'example.org', selector: 'postern', keyFile: '/quince/dkim.pem' }
  const seen = await room({ addresses, port: 2525, host: '0.0.0.0', relay, dkim }).read()
  assert.deepEqual(
    { ...seen, mails: seen.mails.map(({ kind, state, answer }) => [kind, state, answer]) },
    {
      addresses,
      from: 'security@example.org',
      door: { host: '0.0.0.0', port: 2525 },
      relay: { host: 'mail.example.org', port: 587, tls: 'required', login: true },
      dkim: 'example.org',
      counts: { waiting: 1, sent: 1, dead: 1, expired: 0, bounced: 0 },
      mails: [
        ['change', 'waiting', 'unreachable'],
        ['receipt', 'dead', '550 5.1.1'],
      ],
    },
  )
  // A notice belongs to a member, and whose it is stands nowhere.
  const text = Buffer.from(JSON.stringify(seen))
  for (const secret of ['quince', world.coordinator.signer.who])
    for (const { name, bytes } of spellingsOf(secret)) assert.ok(!text.includes(bytes), name)
  assert.equal(seen.mails.find(({ kind }) => kind === 'change')?.case, '')
})

test('a test mail goes out at once, and each step is said', async (t) => {
  const sink = await startMailSink()
  t.after(sink.close)
  const relay = { host: '127.0.0.1', port: sink.port, tls: 'none' } as const
  const { sent, findings } = await room({ addresses, relay }).test('volunteer@example.org')
  assert.equal(sent, true)
  assert.deepEqual(
    findings.slice(0, 2).map(({ level, what }) => `${level} ${what}`),
    [
      `good To 127.0.0.1, port ${sink.port}: without TLS.`,
      'good The relay took it (250 2.0.0). Look whether it arrives, and where.',
    ],
  )
  const [mail] = await sink.whenMails(1)
  assert.deepEqual([mail?.from, mail?.to], ['', 'volunteer@example.org'])
  assert.match(mail?.data ?? '', /^Subject: Test of outgoing mail\r$/m)
  assert.match(mail?.data ?? '', /^From: Test Foundation <security@example\.org>\r$/m)
  // It never was in the queue.
  assert.deepEqual(await asOwner(house, 'select id from post.mail'), [])
})

test('a relay that says no, one that is away, and none at all are told apart', async (t) => {
  const sink = await startMailSink({
    answer: (line) =>
      line.startsWith('RCPT') ? '550 5.7.1 <volunteer@example.org> no' : undefined,
  })
  t.after(sink.close)
  const relay = { host: '127.0.0.1', port: sink.port, tls: 'none' } as const
  const no = await room({ addresses, relay }).test('volunteer@example.org')
  assert.equal(no.sent, false)
  assert.equal(no.findings[1]?.level, 'bad')
  assert.match(
    no.findings[1]?.what ?? '',
    /^The relay answered 550 5\.7\.1\. It says no for good\./,
  )
  assert.ok(!JSON.stringify(no).includes('volunteer@'))
  await sink.close()
  const away = await room({ addresses, relay }).test('volunteer@example.org')
  assert.match(away.findings[1]?.what ?? '', /^Nobody answers there/)
  const none = await room({ addresses }).test('volunteer@example.org')
  assert.deepEqual([none.sent, none.findings[0]?.level], [false, 'bad'])
  assert.match(none.findings[0]?.what ?? '', /There is no relay: serve --mail-relay HOST:PORT\./)
})
