import assert from 'node:assert/strict'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { openDeskChain } from '#identity'
import { bytesOfText, HOUR, MINUTE } from '#lexicon'
import { asOwner, newHouse } from '../../stories/house.ts'
import { startMailSink } from '../../stories/mail-sink.ts'
import { seedOf } from '../../stories/world.ts'
import type { MailSettings } from './mail-settings.ts'
import { keepPostKey, postKeyFile } from './post-key.ts'
import { openPostOffice } from './post-office.ts'
import { scratchFolder } from './trial-server.ts'

const house = await newHouse()
const { database, ledger, world } = house
const deskChain = openDeskChain(database.logins.identity)
after(() => database.close())
const path = scratchFolder()
const data = { path, seed: seedOf('server') }
const addresses = ['security@desk.example']
const FACTS = {
  client: { helo: '', ip: '', tls: false },
  results: {
    arc: 'none',
    dkim: [],
    dmarc: { domain: '', policy: '', verdict: 'none' },
    spf: { domain: '', verdict: 'none' },
  },
  to: addresses,
  thread: 'new',
  way: 'smtp',
} as const

function open(mail: MailSettings | undefined) {
  const said: string[] = []
  const events: object[] = []
  const settings = mail === undefined ? {} : { mail }
  const office = openPostOffice(
    { data, settings, database, signer: house.world.server },
    {
      origin: 'https://desk.example',
      directory: deskChain.current,
      identity: () => ({ db: database.logins.identity, ledger, deskChain }),
      say: (step) => void said.push(step),
      log: (event) => void events.push(event),
    },
  )
  const answer = (from: string) =>
    database.logins.intake.transaction().execute(async (tx) =>
      office?.receipts.write(tx, [
        {
          id: '07'.repeat(32),
          number: '2026-7F3KQ',
          received: Date.now(),
          source: 'mail',
          facts: { ...FACTS, from },
          raw: bytesOfText('Subject: 1\r\n\r\n'),
        },
      ]),
    )
  return { office, answer, said, events }
}

test('without a word about mail there is no post office and no key', () => {
  const { office, said } = open(undefined)
  assert.equal(office, undefined)
  assert.deepEqual(said, [])
  assert.equal(existsSync(postKeyFile(path)), false)
})

test('without a relay the start says so loudly, and receipts are kept and not sent', async () => {
  const { office, answer, said, events } = open({ addresses })
  assert.match(said.join('\n'), /^MAIL IS NOT SENT/)
  await answer('volunteer@example.org')
  await pause(400)
  await office?.stop()
  const rows = await asOwner(house, 'select tries from post.mail')
  assert.deepEqual(rows, [{ tries: 0 }])
  assert.deepEqual(events, [])
})

test('with a relay what was kept goes out, and a receipt is on its way as soon as it is committed', async (t) => {
  const sink = await startMailSink()
  t.after(sink.close)
  const relay = { host: '127.0.0.1', port: sink.port, tls: 'none' } as const
  const { office, answer, said, events } = open({ addresses, relay })
  t.after(() => office?.stop())
  assert.match(said.join('\n'), /^Mail goes out as security@desk\.example, through 127\.0\.0\.1\.$/)
  await answer('second@example.org')
  const mails = await sink.whenMails(2, 2000)
  assert.deepEqual(mails.map(({ to }) => to).toSorted(), [
    'second@example.org',
    'volunteer@example.org',
  ])
  assert.match(mails[0]?.data ?? '', /^From: Test Foundation <security@desk\.example>\r$/m)
  await office?.stop()
  assert.deepEqual(events, [{ event: 'mail-out', sent: 2, later: 0, dead: 0 }])
  const entries = await asOwner(house, `select head from ledger.entry where head like '%mail-out%'`)
  const heads = entries.map(({ head }) => JSON.parse(String(head)) as Record<string, unknown>)
  assert.deepEqual(
    heads.map(({ type, kind, about, count, note }) => ({ type, kind, about, count, note })),
    [{ type: 'ledger.event', kind: 'mail-out', about: '', count: 2, note: '' }],
  )
  assert.doesNotMatch(String(entries[0]?.['head']), /example\.org"|@/)
})

test('members are told by the post office, and nobody while the desk only reads', async (t) => {
  const { office, events } = open({ addresses })
  t.after(() => office?.stop())
  const now = Date.now()
  await asOwner(
    house,
    `insert into identity.address (who, address, noted, looked) values (decode($1, 'hex'), 'v@example.org', $2, $2)`,
    [world.coordinator.signer.who, new Date(now - HOUR)],
  )
  await asOwner(
    house,
    `insert into post.outbox (kind, about, written) values ('case-changed', '\\x00', $1)`,
    [new Date(now - 5 * MINUTE)],
  )
  const waiting = () => asOwner(house, `select kind from post.mail where kind = 'change'`)
  await asOwner(
    house,
    `insert into identity.server (public_key, restored_at) values (decode($1, 'hex'), now())`,
    [world.server.who],
  )
  await office?.tell()
  assert.deepEqual(await waiting(), [])
  await asOwner(house, 'update identity.server set restored_at = null')
  await office?.tell()
  assert.deepEqual(await waiting(), [{ kind: 'change' }])
  assert.deepEqual(events, [{ event: 'told', told: 1 }])
})

test('receipts are shared by the network of who connects; a forwarder and a mailbox have no share', async () => {
  const forwarder = '198.51.100.25'
  const { office } = open({ addresses, forwarders: [forwarder] })
  const mails = (ip: string, way: 'smtp' | 'imap' = 'smtp') =>
    Array.from({ length: 25 }, (_, n) => ({
      id: '07'.repeat(32),
      received: Date.now(),
      raw: bytesOfText('Subject: 1\r\n\r\n'),
      facts: { ...FACTS, client: { helo: '', ip, tls: false }, from: `${n}@example.org`, way },
    }))
  const answered = (asked: ReturnType<typeof mails>) =>
    office?.receipts
      .questions(asked)
      .filter((one) => one?.compile(database.logins.intake).sql.includes('post.answered')).length
  assert.equal(answered(mails('192.0.2.7')), 20)
  assert.equal(answered([...mails('192.0.2.7'), ...mails('203.0.113.7')]), 40)
  assert.equal(answered(mails(forwarder)), 25)
  assert.equal(answered(mails('198.51.100.26')), 20)
  assert.equal(answered(mails('127.0.0.1')), 25)
  assert.equal(answered(mails('', 'imap')), 25)
  await office?.stop()
})

test('the key is made once, for us alone, and a wrong one is not passed over', () => {
  const key = keepPostKey(path)
  assert.deepEqual(keepPostKey(path), key)
  assert.equal(statSync(postKeyFile(path)).mode & 0o777, 0o600)
  const text = readFileSync(postKeyFile(path), 'utf8')
  writeFileSync(postKeyFile(path), text.slice(2))
  assert.throws(() => keepPostKey(path), { name: 'ServerError', code: 'refused' })
})
