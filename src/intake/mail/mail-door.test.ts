import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { connect as connectTls } from 'node:tls'
import fc from 'fast-check'
import { LIMITS } from '#lexicon'
import { trialCertificate } from '../../../stories/opened-mail.ts'
import { IntakeError } from '../intake-error.ts'
import { type Mail, openMailDoor, type Taken } from '../index.ts'

const came: Mail[] = []
const failures: unknown[] = []
let taking: (mail: Mail) => Promise<Taken> = async () => 'new'
let open = true
let mayCome = true
let asked = 0
const deps: Parameters<typeof openMailDoor>[0] = {
  host: '127.0.0.1',
  port: 0,
  name: 'security.example.org',
  tls: trialCertificate(),
  addresses: ['security@example.org'],
  resolve: () => Promise.reject(Object.assign(new Error('none'), { code: 'ENOTFOUND' })),
  isOpen: async () => open,
  mayCome: () => ++asked > 0 && mayCome,
  take: async (mail) => {
    const taken = await taking(mail)
    came.push(mail)
    return taken
  },
  failed: (error) => failures.push(error),
}
const door = await openMailDoor(deps)
const clients = new Set<Socket>()
after(async () => {
  for (const client of clients) client.destroy()
  await door.close()
})

const HELLO = ['EHLO mx.example.net', 'MAIL FROM:<reporter@example.net>']
const RCPT = 'RCPT TO:<security@example.org>'

test('a mail comes in at once, with what the session saw', async () => {
  const began = performance.now()
  const client = await dial()
  assert.match(client.greeting, /^220 security\.example\.org ESMTP/)
  assert.ok(performance.now() - began < 90, 'the greeting waited')
  assert.match(await client.say('EHLO mx.example.net'), /STARTTLS/)
  assert.deepEqual(await send(client, 'Subject: a\r\n\r\nwords\r\n'), '250')
  const mail = came.at(-1)
  assert.equal(text(mail), 'Subject: a\r\n\r\nwords\r\n')
  assert.deepEqual(mail?.facts.client, { helo: 'mx.example.net', ip: '127.0.0.1', tls: false })
  assert.equal(mail?.facts.from, 'reporter@example.net')
  assert.deepEqual(mail?.facts.to, ['security@example.org'])
})

test('any bytes come as they were sent', async () => {
  const client = await dial()
  await client.say('EHLO mx.example.net')
  const bytes = fc.uint8Array({ maxLength: 300 })
  const ends = fc.constantFrom(
    '',
    '\r',
    '\n',
    '\n.\n',
    '\r.\r',
    '.',
    '..',
    '\n..',
    '\0',
    '\r\n.',
    '\r\n..',
  )
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(bytes, ends), { maxLength: 6 }), async (parts) => {
      // Only what would be the end of the mail is not put into it.
      const raw = Buffer.concat([
        ...parts.flatMap(([some, end]) => [Buffer.from(some), Buffer.from(end)]),
        Buffer.from('\r\n'),
      ])
      assert.equal(await send(client, raw), '250')
      assert.deepEqual(Buffer.from(came.at(-1)?.raw ?? []), raw)
    }),
    { numRuns: 100 },
  )
})

test('what is encrypted on its way is noted, and nothing said before counts after', async () => {
  const client = await dial()
  await client.say('EHLO before.example')
  // K13: what was said in clear before the handshake must not be done behind it.
  assert.match(await client.say('STARTTLS\r\nNOOP injected\r\nNOOP injected'), /^220/)
  const secure = await client.secured()
  assert.match(await secure.say('MAIL FROM:<a@example.net>'), /^503/)
  assert.match(await secure.say('EHLO after.example'), /^250/)
  assert.equal(await send(secure, 'Subject: a\r\n\r\n'), '250')
  assert.deepEqual(came.at(-1)?.facts.client.tls, true)
  assert.deepEqual(came.at(-1)?.facts.client.helo, 'after.example')
})

test('nothing is relayed: 550 for every recipient that is not ours', async () => {
  for (const recipient of [
    'other@example.org',
    'security@example.com',
    'security%example.com@example.org',
    'example.com!security@example.org',
    '@example.org:victim@example.com',
    '@relay.example,@other.example:security@example.org',
    'victim@example.com@example.org',
    '"security"@example.org',
    '"victim@example.com"@example.org',
    '"victim@example.com"',
    'security@example.org\0',
    'security\0@example.org',
    'security@[127.0.0.1]',
    'security@localhost',
    'security@example.org.',
    'security@example..org',
    '.security@example.org',
    'postmaster',
    'victim',
    '<security@example.org>',
    'security@example.org,victim@example.com',
    'security@example.org victim@example.com',
    '',
  ]) {
    const client = await dial()
    for (const line of HELLO) await client.say(line)
    assert.match(await client.say(`RCPT TO:<${recipient}>`), /^550 /, recipient)
    assert.match(await client.say('DATA'), /^503/)
    client.close()
  }
  const client = await dial()
  for (const line of HELLO) await client.say(line)
  assert.match(await client.say('RCPT TO:<Security+A1b2@Example.ORG>'), /^250/)
})

test('who has an account here, and who asks for one, is not said', async () => {
  const client = await dial()
  assert.doesNotMatch(await client.say('EHLO mx.example.net'), /AUTH|VRFY|EXPN/)
  for (const line of ['VRFY security', 'EXPN security', 'AUTH PLAIN AGEAYg==', 'HELP', 'WIZ a'])
    assert.match(await client.say(line), /^50[02] /, line)
  assert.match(await client.say('XCLIENT ADDR=192.0.2.1'), /^5/)
})

test('what is too large is refused before it comes, or after it came, and not taken', async () => {
  const client = await dial()
  await client.say('EHLO mx.example.net')
  assert.match(await client.say(`MAIL FROM:<a@example.net> SIZE=${LIMITS.mail + 1}`), /^552/)
  const before = came.length
  const line = Buffer.from(`${'a'.repeat(998)}\r\n`)
  const over = Buffer.concat(Array.from({ length: LIMITS.mail / 1000 + 2 }, () => line))
  assert.equal(await send(client, over), '552')
  assert.equal(await send(client, over.subarray(0, 1000)), '250', 'the next one is taken')
  assert.equal(came.length, before + 1)
})

test('our own trouble is never the sender’s: 4xx, and the next one is taken', async () => {
  const client = await dial()
  await client.say('EHLO mx.example.net')
  for (const [error, code] of [
    [new IntakeError('not-open', 'This desk is not set up yet.'), '451'],
    [new IntakeError('unavailable', 'The database is away.'), '451'],
    [new IntakeError('disk-full', 'There is no room.'), '452'],
    [new TypeError('secret words of a mail'), '451'],
  ] as const) {
    taking = () => Promise.reject(error)
    const answer = await send(client, 'Subject: a\r\n\r\n', true)
    assert.equal(answer.slice(0, 3), code)
    assert.doesNotMatch(answer, /secret/)
    assert.equal(failures.pop(), error)
  }
  taking = async () => 'known'
  assert.equal(await send(client, 'Subject: a\r\n\r\n'), '250')
  open = false
  assert.equal(await send(client, 'Subject: a\r\n\r\n'), '451', 'a restored desk only reads')
  open = true
  taking = async () => 'new'
  assert.equal(await send(client, 'Subject: a\r\n\r\n'), '250')
  failures.length = 0
})

test('a mail that is cut off is not taken', async () => {
  const before = came.length
  const client = await dial()
  for (const line of [...HELLO, RCPT, 'DATA']) await client.say(line)
  client.write('Subject: a\r\n\r\nhalf a ma')
  client.close()
  await new Promise((go) => setTimeout(go, 100))
  assert.equal(came.length, before)
  assert.deepEqual(failures, [])
})

test('who errs too often, says too much or names too many is stopped', async () => {
  const erring = await dial()
  for (let left = 9; left > 0; left--) assert.match(await erring.say('NONSENSE'), /^500/)
  assert.match(await erring.say('NONSENSE'), /^421/)
  const guessing = await dial()
  for (const line of HELLO) await guessing.say(line)
  for (let left = 20; left > 0; left--)
    assert.match(await guessing.say(`RCPT TO:<guess${left}@example.org>`), /^550/)
  assert.match(await guessing.say('RCPT TO:<guess@example.org>'), /^421/)
  const long = await dial()
  assert.match(await long.say('N'.repeat(3000)), /^421/)
  const endless = await dial()
  endless.write('N'.repeat(3000))
  assert.match(await endless.next(), /^421/)
  const many = await dial()
  for (const line of HELLO) await many.say(line)
  for (let n = 0; n < 20; n++)
    assert.match(await many.say(`RCPT TO:<security+${n}@example.org>`), /^250/)
  assert.match(await many.say('RCPT TO:<security+20@example.org>'), /^452/)
})

test('one address has so many connections, and gives them back', async () => {
  for (const client of clients) client.destroy()
  await new Promise((go) => setTimeout(go, 50))
  const all = await Promise.all(Array.from({ length: 20 }, () => dial()))
  for (const { greeting } of all) assert.match(greeting, /^220/)
  assert.match((await dial()).greeting, /^421/)
  all[0]?.close()
  await new Promise((go) => setTimeout(go, 50))
  assert.match((await dial()).greeting, /^220/)
  for (const client of clients) client.destroy()
  await new Promise((go) => setTimeout(go, 50))
})

const corpus = join(import.meta.dirname, '../../../../shared/corpora/smtpsmug/eod-sequences.json')

test('no other end of a mail makes two of one', async (t) => {
  const endings = existsSync(corpus)
    ? Object.values((JSON.parse(readFileSync(corpus, 'utf8')) as { sequences: object }).sequences)
    : [
        '\n.\n',
        '\r.\r',
        '\r.\n',
        '\n.\r',
        '\n.\r\n',
        '\r\n.\n',
        '\r.\r\n',
        '\r\n.\r',
        '\r\n\0.\r\n',
        '\r\n.\0\r\n',
      ]
  if (!existsSync(corpus))
    t.diagnostic('skipped the corpus of smtpsmug: our own list stands for it')
  for (const ending of endings.map(String)) {
    const before = came.length
    const client = await dial()
    await client.say('EHLO mx.example.net')
    const hidden = `MAIL FROM:<evil@example.com>\r\n${RCPT}\r\nDATA\r\nSubject: smuggled\r\n\r\n`
    const mail = `Subject: outer\r\n\r\nwords${ending}${hidden}`
    assert.equal(await send(client, mail), '250')
    assert.equal(came.length, before + 1, JSON.stringify(ending))
    assert.equal(text(came.at(-1)), mail, 'and all of it is in the one')
    // Each part in a packet of its own: an end must not be found by where a packet ends.
    for (const line of [HELLO[1] ?? '', RCPT, 'DATA']) await client.say(line)
    for (const part of ['Subject: outer\r\n\r\nwords', ...ending, ...hidden.split(/(?<=\n)/)]) {
      client.write(part)
      await new Promise((go) => setImmediate(go))
    }
    client.write('.\r\n')
    assert.match(await client.next(), /^250/)
    assert.equal(came.length, before + 2)
    client.close()
  }
})

test('a mail sent ahead of the answers is one mail', async () => {
  const client = await dial()
  const before = came.length
  client.write([...HELLO, RCPT, 'DATA', 'Subject: ahead', '', '.', 'QUIT', ''].join('\r\n'))
  const answers: string[] = []
  while (!answers.at(-1)?.startsWith('221')) answers.push(await client.next())
  assert.deepEqual(
    answers.map((answer) => answer.slice(0, 3)),
    ['250', '250', '250', '354', '250', '221'],
  )
  assert.equal(came.length, before + 1)
})

test('who is silent, or slow without an end, gives the place to others', async (t) => {
  const onTheWay = { all: 4 * LIMITS.mail, each: 2 * LIMITS.mail }
  const hasty = await openMailDoor(deps, { silence: 200, session: 1000, onTheWay })
  t.after(() => hasty.close())
  const silent = await dial(hasty.port)
  assert.match(await silent.next(), /^421/)
  const before = came.length
  const slow = await dial(hasty.port)
  for (const line of [...HELLO, RCPT, 'DATA']) await slow.say(line)
  // Never silent, never done.
  const drip = setInterval(() => slow.write('a'), 50)
  const began = performance.now()
  assert.match(await slow.next(), /^421/)
  clearInterval(drip)
  assert.ok(performance.now() - began > 700, 'it had its time')
  assert.equal(came.length, before)
})

test('a network that sent too many is told to come later, and keeps its mail', async () => {
  const client = await dial()
  const before = [came.length, asked] as const
  for (const line of [...HELLO, RCPT, 'RSET']) await client.say(line)
  assert.equal(asked, before[1], 'who sends no mail uses up none')
  mayCome = false
  assert.equal(await send(client, 'words\r\n'), '450')
  mayCome = true
  assert.equal(await send(client, 'words\r\n'), '250')
  assert.deepEqual([came.length, asked], [before[0] + 1, before[1] + 2])
  client.close()
})

test('mails on their way in have so much room, together and by each', async (t) => {
  const onTheWay = { all: 3 * LIMITS.piece, each: 2 * LIMITS.piece }
  const small = await openMailDoor(deps, { silence: 5000, session: 60_000, onTheWay })
  t.after(() => small.close())
  const waiting = await dial(small.port)
  for (const line of [...HELLO, RCPT, 'DATA']) await waiting.say(line)
  const line = `${'a'.repeat(998)}\r\n`
  waiting.write(line.repeat(1500))
  await new Promise((go) => setTimeout(go, 100))
  const next = await dial(small.port)
  await next.say('EHLO mx.example.net')
  assert.equal(await send(next, line.repeat(1500)), '452')
  assert.equal(await send(next, line.repeat(100)), '250', 'a small one still fits')
  waiting.write('.\r\n')
  assert.match(await waiting.next(), /^250/)
  assert.equal(await send(next, line.repeat(1500)), '250', 'the room is free again')
  for (const client of [waiting, next]) client.close()
})

type Client = Awaited<ReturnType<typeof dial>>

async function dial(port = door.port) {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  const client = talk(socket)
  return { greeting: await client.next(), ...client }
}

function talk(socket: Socket) {
  clients.add(socket)
  socket.once('close', () => clients.delete(socket))
  socket.on('error', () => undefined)
  let text = ''
  let wake = (): void => undefined
  socket.setEncoding('latin1').on('data', (more: string) => {
    text += more
    wake()
  })
  for (const end of ['end', 'close']) socket.on(end, () => wake())
  /** One whole answer, of however many lines. */
  const next = async (): Promise<string> => {
    for (;;) {
      const found = /^(?:\d{3}-.*\r\n)*\d{3} .*\r\n/.exec(text)?.[0]
      if (found !== undefined) {
        text = text.slice(found.length)
        return found
      }
      if (socket.destroyed || socket.readableEnded) throw new Error('the door is closed')
      await new Promise<void>((go) => (wake = go))
    }
  }
  return {
    next,
    write: (words: string | Uint8Array) => socket.write(words),
    say: (line: string) => {
      socket.write(`${line}\r\n`, 'latin1')
      return next()
    },
    close: () => socket.destroy(),
    secured: async () => {
      socket.removeAllListeners('data')
      const secure = connectTls({ socket, rejectUnauthorized: false })
      await once(secure, 'secureConnect')
      return { greeting: '', ...talk(secure), secured: () => Promise.reject(new Error('twice')) }
    },
  }
}

/** The code of the answer to a mail, or the whole answer. */
async function send(client: Omit<Client, 'secured'>, mail: string | Uint8Array, whole = false) {
  for (const line of [HELLO[1] ?? '', RCPT, 'DATA']) assert.match(await client.say(line), /^[23]/)
  // RFC 5321, 4.5.2
  const body = Buffer.from(mail).toString('latin1')
  const stuffed = `\r\n${body}`.replaceAll('\r\n.', '\r\n..').slice(2)
  client.write(Buffer.from(`${stuffed}${body.endsWith('\r\n') ? '' : '\r\n'}.\r\n`, 'latin1'))
  const answer = await client.next()
  return whole ? answer : answer.slice(0, 3)
}

function text(mail: Mail | undefined): string {
  return Buffer.from(mail?.raw ?? []).toString('latin1')
}
