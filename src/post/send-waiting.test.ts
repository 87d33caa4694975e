import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { type Bytes, bytesOfText, DAY, HOUR, MINUTE, SECOND } from '#lexicon'
import { spellingsOf } from '../../stories/canary.ts'
import { asOwner, newHouse } from '../../stories/house.ts'
import { type MailSink, startMailSink } from '../../stories/mail-sink.ts'
import { postKeysOf } from './post-keys.ts'
import { queueMail } from './queue-mail.ts'
import { readMailQueue } from './read-mail-queue.ts'
import { openRelay, type RelaySettings } from './relay.ts'
import { sendWaiting } from './send-waiting.ts'
import { sweepMail } from './sweep-mail.ts'

const house = await newHouse()
const { intake, post } = house.database.logins
after(() => house.database.close())

const keys = postKeysOf(new Uint8Array(32).fill(1))
const threads = { key: new Uint8Array(32).fill(3), from: 'security@desk.example' }
const ADDRESS = 'volunteer.canary@mail.example.org'
const noon = Date.UTC(2026, 10, 21, 12)
let now = noon
const clock = () => now

beforeEach(async () => {
  now = noon
  await asOwner(house, 'delete from post.mail')
  await asOwner(house, 'delete from post.delivery')
})

/** As the letterbox does: with the login that may not read back. */
async function queue(n: number, to = ADDRESS): Promise<Bytes> {
  const about = new Uint8Array(32).fill(n)
  const raw = bytesOfText(`Message-ID: <${n}@desk.example>\r\nSubject: ${n}\r\n\r\n.dot\r\n`)
  const place = { kind: 'receipt', about } as const
  const mail = { to, raw, bounces: false }
  await intake.transaction().execute((tx) => queueMail(tx, { keys, threads }, place, mail, now))
  return about
}

async function sinkFor(
  t: { after: (fn: () => Promise<void>) => void },
  answer?: (line: string) => string | undefined,
) {
  const sink = await startMailSink(answer && { answer })
  t.after(sink.close)
  return { sink, ...senderTo(sink) }
}

function senderTo({ port }: Pick<MailSink, 'port'>, more: Partial<RelaySettings> = {}) {
  const settings = { host: '127.0.0.1', port, tls: 'none', helo: 'desk.example', ...more } as const
  const relay = openRelay(settings)
  return { send: () => sendWaiting({ db: post, keys, relay, clock }) }
}

const states = async () =>
  (await asOwner(house, 'select state, answer from post.delivery order by mail')).map(
    ({ state, answer }) => `${String(state)} ${String(answer)}`,
  )
const waiting = () => asOwner(house, 'select due, tries, answer from post.mail order by id')

test('what is due goes out byte for byte, once, also when two processes send', async (t) => {
  const { sink, send } = await sinkFor(t)
  for (let n = 0; n < 12; n++) await queue(n)
  const counts = await Promise.all([send(), send(), send()])
  assert.equal(
    counts.reduce((sum, { sent }) => sum + sent, 0),
    12,
  )
  assert.equal(new Set(sink.mails.map(({ data }) => data)).size, 12)
  assert.equal(sink.mails.length, 12)
  const [first] = sink.mails
  assert.deepEqual({ from: first?.from, to: first?.to }, { from: '', to: ADDRESS })
  const one = sink.mails.find(({ data }) => data.includes('Subject: 3\r\n'))
  assert.equal(one?.data, 'Message-ID: <3@desk.example>\r\nSubject: 3\r\n\r\n.dot\r\n')
  assert.ok(sink.lines.includes('EHLO desk.example'))
  assert.deepEqual(await waiting(), [], 'the address went with the mail')
  assert.deepEqual(new Set(await states()), new Set(['sent 250 2.0.0']))
  assert.deepEqual((await readMailQueue(post)).counts, { sent: 12 })
})

test('a relay that is away is asked by one mail at a time, with growing pauses, until it is back', async (t) => {
  const { sink, send } = await sinkFor(t)
  await sink.close()
  await queue(1)
  await queue(2)
  assert.deepEqual(await send(), { sent: 0, later: 1, dead: 0 })
  assert.deepEqual(await states(), ['waiting unreachable', 'waiting '])
  const pauses: number[] = []
  for (let tries = 0; tries < 10; tries++) {
    const [{ due } = {}] = await asOwner(house, 'select due from post.mail order by id limit 1')
    assert.ok(due instanceof Date)
    pauses.push(due.getTime() - now)
    now = due.getTime()
    await asOwner(
      house,
      'update post.mail set due = $1 where id = (select max(id) from post.mail)',
      [new Date(now + HOUR)],
    )
    await send()
  }
  assert.deepEqual(
    pauses,
    pauses.toSorted((a, b) => a - b),
  )
  assert.equal(pauses[0], 5 * SECOND)
  assert.equal(pauses.at(-1), HOUR)
  const back = await startMailSink({ port: sink.port })
  t.after(back.close)
  now += 2 * HOUR
  assert.deepEqual(await send(), { sent: 2, later: 0, dead: 0 })
  assert.equal(back.mails.length, 2)
})

test('a no for now is tried again and holds up nobody; a no for good is not', async (t) => {
  const { send, sink } = await sinkFor(t, (line) => {
    if (line.includes('busy@')) return `451 4.7.1 <${ADDRESS}> come again`
    return line.includes('gone@') ? `550 5.1.1 <${ADDRESS}> nobody` : undefined
  })
  await queue(1, 'busy@example.org')
  await queue(2, 'gone@example.org')
  await queue(3)
  assert.deepEqual(await send(), { sent: 1, later: 1, dead: 1 })
  assert.deepEqual(await states(), ['waiting 451 4.7.1', 'dead 550 5.1.1', 'sent 250 2.0.0'])
  const before = sink.lines.length
  assert.deepEqual(await send(), { sent: 0, later: 0, dead: 0 }, 'nothing is due')
  now += 5 * SECOND
  assert.deepEqual(await send(), { sent: 0, later: 1, dead: 0 })
  assert.equal(
    sink.lines.slice(before).some((line) => line.includes('gone@')),
    false,
  )
  const { counts, mails } = await readMailQueue(post)
  assert.deepEqual(counts, { dead: 1, sent: 1, waiting: 1 })
  assert.deepEqual(
    mails.map(({ state, tries, answer, due }) => [state, tries, answer, due?.getTime() ?? null]),
    [
      ['dead', 1, '550 5.1.1', null],
      ['waiting', 2, '451 4.7.1', now + 20 * SECOND],
    ],
  )
})

test('a refusal of the mail itself is for good, a refusal of ourselves is not', async (t) => {
  let refused = /^\.$/
  const { send } = await sinkFor(t, (line) => (refused.test(line) ? '554 5.7.0 no' : undefined))
  await queue(1)
  assert.deepEqual(await send(), { sent: 0, later: 0, dead: 1 })
  for (refused of [/^(?:EHLO|HELO) /, /^MAIL /]) {
    await queue(2)
    assert.deepEqual(await send(), { sent: 0, later: 1, dead: 0 }, refused.source)
    await asOwner(house, 'delete from post.mail')
  }
})

test('nothing goes out in clear where TLS is required, and no password either', async (t) => {
  const { sink } = await sinkFor(t)
  const login = { user: 'desk', password: 'canary-password' }
  await queue(1)
  assert.deepEqual(await senderTo(sink, { tls: 'required', login }).send(), {
    sent: 0,
    later: 1,
    dead: 0,
  })
  assert.deepEqual(await states(), ['waiting tls'])
  const said = sink.lines.join('\n')
  assert.ok(!said.includes('MAIL') && !said.includes(login.password) && !said.includes('AUTH'))
  now += MINUTE
  assert.equal((await senderTo(sink, { login }).send()).later, 1)
  assert.deepEqual(await states(), ['waiting login'], 'nothing without the login either')
  assert.equal(sink.mails.length, 0)
})

test('after five days the mail is erased with its address, and its case says what became of it', async (t) => {
  const { send } = await sinkFor(t, (line) => (line.includes('gone@') ? '550 no' : undefined))
  await queue(1, 'gone@example.org')
  await send()
  await queue(2)
  now += 5 * DAY - SECOND
  assert.equal(await sweepMail(post, now), 0)
  assert.equal((await waiting()).length, 2)
  now += SECOND
  assert.deepEqual(await send(), { sent: 0, later: 0, dead: 0 }, 'too late to be sent')
  assert.equal(await sweepMail(post, now), 1)
  assert.deepEqual(await waiting(), [])
  assert.deepEqual(await states(), ['dead 550', 'expired '])
})

test('what a restore brings back as waiting has expired, for no backup holds the mail', async () => {
  await queue(1)
  await asOwner(house, 'delete from post.mail')
  assert.equal(await sweepMail(post, now), 1)
  assert.deepEqual(await states(), ['expired '])
})

test('under another post.key a mail waits for its key and is not sent', async (t) => {
  const { sink, send } = await sinkFor(t)
  await queue(1)
  const relay = openRelay({ host: '127.0.0.1', port: sink.port, tls: 'none', helo: 'desk.example' })
  const other = postKeysOf(new Uint8Array(32).fill(2))
  await sendWaiting({ db: post, keys: other, relay, clock })
  assert.deepEqual(await states(), ['waiting no-key'])
  now += MINUTE
  assert.equal((await send()).sent, 1)
})

test('no address lies in the database in clear', async () => {
  await queue(1)
  const tables = ['post.mail', 'post.delivery', 'post.answered', 'post.outbox']
  const texts = await Promise.all(
    tables.map((table) => asOwner(house, `select t::text as row from ${table} t`)),
  )
  const rows = texts.flat().map(({ row }) => String(row))
  assert.equal(rows.length >= 2, true)
  for (const word of [ADDRESS, 'Subject'])
    for (const { name, bytes } of spellingsOf(word))
      for (const row of rows) {
        assert.ok(!row.includes(bytes.toString('latin1')), name)
        assert.ok(!row.includes(bytes.toString('hex')), name)
      }
})

test('after a restore, which brings the deliveries back and not the mails, mail is queued again', async () => {
  await asOwner(
    house,
    `insert into post.delivery (mail, kind, about, state, at) overriding system value
     select n, 'receipt', '\\x00', 'sent', now() from generate_series(5001, 5003) n`,
  )
  // As import-rows.ts does for every table that it fills.
  await asOwner(house, `select setval(pg_get_serial_sequence('post.delivery', 'mail'), 5003)`)
  await queue(1)
  const rows = await asOwner(house, 'select id from post.mail')
  assert.equal(rows.length, 1)
  assert.ok(Number(rows[0]?.['id']) > 5003)
})
