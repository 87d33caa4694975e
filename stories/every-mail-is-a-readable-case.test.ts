import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { type MailDeps, nodeDisk, openJournal, openMailDoor, type Resolve, takeMail } from '#intake'
import { headerValues, readMailHeaders } from '#lexicon'
import type { MailBody } from '#seal'
import { senderOf } from '../src/client/mail-sender.ts'
import { readMail } from '../src/text/read-mail.ts'
import { asOwner, intakeDepsOf, newHouse } from './house.ts'
import { openedMail, trialCertificate } from './opened-mail.ts'

/* Whatever bytes come by SMTP: the real door on a socket, a real database, and a coordinator who reads. */

const SHARED = join(import.meta.dirname, '../../shared')
const LEGITIMATE = 'legitimate.com'
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
const RECORDS: Readonly<Record<string, string>> = {
  'TXT attack.com': 'v=spf1 ip4:127.0.0.1 -all',
  'TXT a.attack.com': 'v=spf1 ip4:127.0.0.1 -all',
  'TXT any.attack.com': 'v=spf1 ip4:127.0.0.1 -all',
  'TXT any.com': 'v=spf1 ip4:127.0.0.1 -all',
  'TXT mx.attack.com': 'v=spf1 ip4:127.0.0.1 -all',
  'TXT selector._domainkey.attack.com': `v=DKIM1; k=rsa; p=${spki}`,
  [`TXT ${LEGITIMATE}`]: 'v=spf1 ip4:192.0.2.1 -all',
  [`TXT _dmarc.${LEGITIMATE}`]: 'v=DMARC1; p=reject',
}
const resolve: Resolve = (name, type) => {
  // As Node.js hands a name to its resolver in C, which ends it at the first NUL.
  const [asked = ''] = name.split('\0')
  const record = RECORDS[`${type} ${asked.replace(/\.$/, '')}`]
  if (record !== undefined) return Promise.resolve([[record]])
  return Promise.reject(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }))
}
const house = await newHouse()
const folder = mkdtempSync(join(tmpdir(), 'postern-mails-'))
const ids = new Set<string>()
const deps: MailDeps = {
  ...intakeDepsOf(house, await openJournal({ folder, disk: nodeDisk })),
  signer: house.world.server,
  markKey: new Uint8Array(32).fill(7),
}
const door = await openMailDoor({
  host: '127.0.0.1',
  port: 0,
  name: 'security.example.org',
  tls: trialCertificate(),
  addresses: ['security@example.org'],
  resolve,
  isOpen: async () => true,
  mayCome: () => true,
  take: (mail) => takeMail(deps, mail),
  failed: (error) => assert.ifError(error),
})
after(async () => {
  await door.close()
  await house.database.close()
  rmSync(folder, { recursive: true })
})

/** The same shapes as the tests of other parsers have, in words of our own. */
const SHAPES: Readonly<Record<string, string>> = {
  'no head': '\r\nwords',
  'all head': 'Subject: only this\r\n',
  'no fields': 'just some words\r\nand more\r\n\r\nand a body',
  'no boundary': 'Content-Type: multipart/mixed\r\n\r\n--a\r\n\r\nwords\r\n--a--\r\n',
  'a boundary without an end': 'Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n\r\nwords',
  'two types': 'Content-Type: text/html\r\nContent-Type: text/plain\r\n\r\n<b>words',
  'base64 that is none': 'Content-Transfer-Encoding: base64\r\n\r\n%%% words',
  'an unknown charset': 'Content-Type: text/plain; charset=x-none\r\n\r\nwords',
  'a mail in a mail in a mail':
    'Content-Type: message/rfc822\r\n\r\nContent-Type: message/rfc822\r\n\r\nSubject: in\r\n\r\nwords',
  'a bounce':
    'Content-Type: multipart/report; report-type=delivery-status; boundary=a\r\n\r\n--a\r\n\r\nno such person\r\n--a\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed\r\n--a\r\nContent-Type: message/rfc822\r\n\r\nSubject: a\r\n\r\nb\r\n--a--\r\n',
  'an abuse report':
    'Content-Type: multipart/report; report-type=feedback-report; boundary=a\r\n\r\n--a\r\n\r\nspam\r\n--a\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\n--a--\r\n',
  'a calendar':
    'Content-Type: multipart/alternative; boundary=a\r\n\r\n--a\r\n\r\nCome.\r\n--a\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\n--a--\r\n',
  'parts in another order':
    'Content-Type: multipart/mixed; boundary="a b"\r\n\r\nbefore\r\n--a b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n/wAA\r\n--a b\r\n\r\nwords\r\n--a b--\r\nbehind',
}

const BOMBS: Readonly<Record<string, string>> = {
  'bytes that are no text': Array.from({ length: 20_000 }, (_, n) =>
    String.fromCharCode((n * 167) % 256),
  ).join(''),
  NUL: 'Subject: a\0b\r\n\r\n\0\0words\0',
  '100,000 parts': `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(100_000)}--b--`,
  '200,000 fields': `${'X: y\r\n'.repeat(200_000)}\r\nwords`,
  'a line of 10 MB': `Subject: a\r\n\r\n${'x'.repeat(10_000_000)}`,
  'a field of 3 MB': `X: ${'y'.repeat(3_000_000)}\r\n\r\nwords`,
  '2,000 mails in each other': `${'Content-Type: message/rfc822\r\n\r\n'.repeat(2000)}words`,
  '300 lists in each other': Array.from(
    { length: 300 },
    (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n`,
  ).join(''),
  '50,000 encoded words': `Subject: ${'=?utf-8?Q?=C3?= '.repeat(50_000)}\r\n\r\nwords`,
}

test('mails of every shape are cases, byte for byte, and are read', async (t) => {
  const fixtures = globSync(join(SHARED, 'data/mime/**/*.eml'))
  if (fixtures.length === 0)
    t.diagnostic('skipped the fixtures of other parsers: our own stand for them')
  const foreign = fixtures.map((path): [string, Buffer] => [path, readFileSync(path)])
  const own = Object.entries(SHAPES).map(([name, text]): [string, Buffer] => [
    name,
    Buffer.from(text),
  ])
  const client = await dial()
  for (const [name, raw] of [...own, ...foreign]) {
    const { opened } = await taken(client, raw, name)
    const read = await readMail(opened.raw)
    const named = headerValues(readMailHeaders(opened.raw), 'subject').length > 0
    assert.ok(read.text !== '' || read.attachments.length > 0 || named, `${name} shows nothing`)
  }
  client.close()
})

test('mails that are made to hurt are cases all the same (R44)', async (t) => {
  const client = await dial()
  for (const [name, text] of Object.entries(BOMBS)) {
    const began = performance.now()
    await taken(client, Buffer.from(text, 'latin1'), name)
    t.diagnostic(`${name}: filed and opened in ${Math.round(performance.now() - began)} ms`)
  }
  client.close()
})

type Forgery = {
  readonly mailfrom?: string
  readonly from?: string
  readonly extra?: string
  readonly dkim?: { readonly d: string; readonly s?: string }
}

/** One of each kind, where the corpus is not. */
const FORGERIES: Readonly<Record<string, Forgery>> = {
  'another envelope': { mailfrom: '<any@attack.com>', from: `From: <admin@${LEGITIMATE}>` },
  'a broken envelope': { mailfrom: `<(any@${LEGITIMATE}>`, from: `From: <admin@${LEGITIMATE}>` },
  'a bracket in the envelope': { mailfrom: `<any@${LEGITIMATE}(a.attack.com>` },
  'a source route': { mailfrom: `<@${LEGITIMATE},@any.com:any@attack.com>` },
  'a NUL in a selector': { dkim: { d: LEGITIMATE, s: 'selector._domainkey.attack.com.\0.any' } },
  'a quote in a domain': { dkim: { d: `${LEGITIMATE}'a.attack.com` } },
  'two From': { from: `From: <a@attack.com>\r\nFrom: <admin@${LEGITIMATE}>` },
  'a folded name': { from: 'From\r\n : <a@attack.com>', extra: `Sender: <admin@${LEGITIMATE}>` },
}

test('nineteen ways to forge a sender: none is refused its case, and none is confirmed (R47)', async (t) => {
  const corpus = join(SHARED, 'corpora/espoofer/from-header-cases.json')
  const all = existsSync(corpus)
    ? (JSON.parse(readFileSync(corpus, 'utf8')) as { cases: Record<string, Forgery> }).cases
    : FORGERIES
  if (all === FORGERIES) t.diagnostic('skipped the corpus of espoofer: our own list stands for it')
  let refused = 0
  for (const [name, forgery] of Object.entries(all)) {
    const { mailfrom = '<any@attack.com>', from = `From: <admin@${LEGITIMATE}>`, extra } = forgery
    const plain = `${from}\r\n${extra === undefined ? '' : `${extra}\r\n`}To: security@example.org\r\nSubject: ${name}\r\n\r\nIt crashes.\r\n`
    const raw = Buffer.from(`${signatureBy(forgery.dkim ?? { d: 'attack.com' }, plain)}${plain}`)
    const client = await dial()
    const answer = await client.say(`MAIL FROM:${mailfrom}`)
    if (!answer.startsWith('250')) {
      // An envelope that is no address is refused before anything came.
      assert.match(answer, /^5/, name)
      refused++
      client.close()
      continue
    }
    await client.say('RSET')
    const { opened } = await taken(client, raw, name, mailfrom)
    client.close()
    const { results } = opened.facts
    const confirms = (each: { readonly domain: string; readonly verdict: string }) =>
      each.verdict === 'pass' && each.domain === LEGITIMATE
    assert.ok(
      !confirms(results.dmarc) && !confirms(results.spf) && !results.dkim.some(confirms),
      name,
    )
    const sender = senderOf(headerValues(readMailHeaders(opened.raw), 'from'), opened.facts)
    assert.ok(!(sender.confirmed && sender.address.endsWith(LEGITIMATE)), name)
  }
  t.diagnostic(`${Object.keys(all).length} forgeries, ${refused} refused for their envelope`)
})

/**
 * The attacker signs well, with a key of their own, for whatever domain and selector (RFC 6376, with both
 * canonicalizations simple): the library would not sign for such names.
 */
function signatureBy({ d, s = 'selector' }: { d: string; s?: string }, mail: string): string {
  const [head = '', body = ''] = mail.split('\r\n\r\n', 2)
  const bh = createHash('sha256').update(body).digest('base64')
  const fields = head.split(/\r\n(?![ \t])/)
  const signed = ['From', 'To', 'Subject'].map(
    (name) => `${fields.findLast((field) => field.startsWith(`${name}:`)) ?? ''}\r\n`,
  )
  const field = `DKIM-Signature: v=1; a=rsa-sha256; c=simple/simple; d=${d}; s=${s}; h=From:To:Subject; bh=${bh}; b=`
  const b = sign('sha256', Buffer.from(signed.join('') + field), privateKey).toString('base64')
  return `${field}${b}\r\n`
}

type Client = Awaited<ReturnType<typeof dial>>

/** Sends it, and opens the case that it became. */
async function taken(
  client: Client,
  raw: Buffer,
  name: string,
  from = '<any@attack.com>',
): Promise<{ readonly opened: MailBody }> {
  const before = ids.size
  // Some are the same: to somebody else they are other mails.
  for (const line of [`MAIL FROM:${from}`, `RCPT TO:<security+${before}@example.org>`, 'DATA'])
    assert.match(await client.say(line), /^[23]/, `${name}: ${line}`)
  // RFC 5321, 4.5.2
  const text = raw.toString('latin1')
  const stuffed = `\r\n${text}`.replaceAll('\r\n.', '\r\n..').slice(2)
  client.write(Buffer.from(`${stuffed}\r\n.\r\n`, 'latin1'))
  assert.match(await client.next(), /^250/, name)
  const id = await newest()
  assert.ok(!ids.has(id), `${name} is no case`)
  ids.add(id)
  const { opened } = await openedMail(house, id)
  assert.ok(
    Buffer.from(opened.raw).equals(Buffer.concat([raw, Buffer.from('\r\n')])),
    `${name} is changed`,
  )
  return { opened }
}

/** The case that was taken last, held or not. */
async function newest(): Promise<string> {
  const [row] = await asOwner(
    house,
    `select encode(e.of_chain, 'hex') as id from ledger.entry e join desk.case c on c.id = e.of_chain
     order by e.seq desc limit 1`,
  )
  return String(row?.['id'])
}

async function dial() {
  const socket: Socket = connect(door.port, '127.0.0.1')
  await once(socket, 'connect')
  let text = ''
  socket.setEncoding('latin1').on('data', (more: string) => (text += more))
  const next = async (): Promise<string> => {
    for (;;) {
      const found = /^(?:\d{3}-.*\r\n)*\d{3} .*\r\n/.exec(text)?.[0]
      if (found !== undefined) {
        text = text.slice(found.length)
        return found
      }
      if (socket.destroyed || socket.readableEnded) throw new Error('the door is closed')
      await once(socket, 'data')
    }
  }
  const say = (line: string): Promise<string> => {
    socket.write(`${line}\r\n`, 'latin1')
    return next()
  }
  await next()
  await say('EHLO mx.attack.com')
  return {
    next,
    say,
    write: (bytes: Uint8Array) => socket.write(bytes),
    close: () => socket.destroy(),
  }
}
