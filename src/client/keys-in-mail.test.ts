import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import {
  base64OfBytes,
  type Bytes,
  bytesOfBase64,
  bytesOfText,
  headerValues,
  readMailHeaders,
} from '#lexicon'
import { type MailFacts, readReporterCertificate } from '#seal'
import { newMailKey } from '#unseal'
import { differingKeys, keysInMail, LARGEST_WITH_KEY, mayHoldKey } from './keys-in-mail.ts'
import type { Mail } from './mail.ts'
import { mailsForKeys } from './mail-plan.ts'
import { senderOf } from './mail-sender.ts'
import { keyAfter } from './pinned-key.ts'

const ADDRESS = 'reporter@example.net'
const now = Date.now()
let armored: string
let binary: Bytes
let other: string
before(async () => {
  const mine = await newMailKey(`Reporter <${ADDRESS}>`)
  const theirs = await newMailKey('Other <other@example.net>')
  armored = mine.key.toPublic().armor()
  binary = bytesOfBase64(mine.cert)
  other = theirs.key.toPublic().armor()
})

const NONE = { domain: '', verdict: 'none' } as const
const FACTS: MailFacts = {
  client: { helo: '', ip: '', tls: false },
  from: ADDRESS,
  results: { arc: 'none', dkim: [], dmarc: { ...NONE, policy: '' }, spf: NONE },
  thread: 'new',
  to: [],
  way: 'smtp',
}
type Results = Partial<MailFacts['results']>

function look(
  lines: readonly string[],
  {
    results = {},
    way = 'smtp',
    ...opened
  }: {
    readonly results?: Results
    readonly way?: MailFacts['way']
    readonly pgp?: 'none' | 'closed'
  } = {},
  differs: readonly { name: string; outside: string; inside: string }[] = [],
) {
  const mail = mailOf(lines, results, way)
  const raw = mail.raw ?? new Uint8Array(0)
  const whole = { pgp: 'none' as const, content: raw, raw, differs, ...opened }
  return keysInMail({ mail, seq: 3 }, whole, ADDRESS, now)
}

function mailOf(lines: readonly string[], results: Results = {}, way: MailFacts['way'] = 'smtp') {
  const raw = bytesOfText(lines.join('\r\n'))
  const facts = { ...FACTS, way, results: { ...FACTS.results, ...results } }
  const sender = senderOf(headerValues(readMailHeaders(raw), 'from'), facts)
  const rest = {
    subject: '',
    date: '',
    size: raw.length,
    sealed: false,
    raw,
    kind: 'person' as const,
    returned: undefined,
  }
  const mail: Mail = { facts, sender, ...rest }
  return mail
}
const inline = (key = armored) => [`From: ${ADDRESS}`, '', 'My key:', '', key]
const found = async (...given: Parameters<typeof look>) =>
  (await look(...given)).keys.map(({ from }) => from)

test('a key is found in the text, in a part however it is encoded, and in the header', async () => {
  assert.deepEqual(await found(inline()), ['mail'])
  const part = (encoding: string, body: string) => [
    `From: Reporter <${ADDRESS}>`,
    'Content-Type: multipart/mixed; boundary=out',
    '',
    '--out',
    'Content-Type: multipart/mixed; boundary=in',
    '',
    '--in',
    'Content-Type: application/pgp-keys; name=key',
    `Content-Transfer-Encoding: ${encoding}`,
    '',
    body,
    '--in--',
    '--out--',
  ]
  assert.deepEqual(await found(part('7bit', armored)), ['mail'])
  assert.deepEqual(await found(part('base64', base64OfBytes(bytesOfText(armored)))), ['mail'])
  assert.deepEqual(await found(part('base64', base64OfBytes(binary))), ['mail'])
  const quoted = armored.replaceAll('=', '=3D')
  assert.deepEqual(await found(part('quoted-printable', quoted)), ['mail'])
  const keydata = base64OfBytes(binary).replace(/(.{70})/g, '$1\r\n ')
  const header = `Autocrypt: addr=Reporter@example.net; prefer-encrypt=mutual; keydata=\r\n ${keydata}`
  assert.deepEqual(await found([`From: ${ADDRESS}`, header, '', 'x']), ['autocrypt'])
})

test('of an Autocrypt header that is for somebody else, stands twice or holds more than we know nothing is taken', async () => {
  const keydata = base64OfBytes(binary)
  const mine = `Autocrypt: addr=${ADDRESS}; keydata=${keydata}`
  const headers = {
    'for another': [`Autocrypt: addr=other@example.net; keydata=${keydata}`],
    twice: [mine, mine],
    critical: [`Autocrypt: addr=${ADDRESS}; more=1; keydata=${keydata}`],
    'no key': [`Autocrypt: addr=${ADDRESS}; keydata=%%%`],
    empty: ['Autocrypt: '],
  }
  for (const [name, lines] of Object.entries(headers))
    assert.deepEqual(await found([`From: ${ADDRESS}`, ...lines, '', 'x']), [], name)
  const ignored = `Autocrypt: addr=${ADDRESS}; _more=1; keydata=${keydata}`
  assert.deepEqual(await found([`From: ${ADDRESS}`, ignored, '', 'x']), ['autocrypt'])
})

test('a key that names another address is refused, with why', async () => {
  const { keys, refused } = await look(inline(other))
  assert.deepEqual([keys, refused], [[], ['This key names another address.']])
})

test('no key is taken from a mail that failed', async () => {
  const failed = { domain: 'example.net', verdict: 'fail' } as const
  assert.deepEqual(await found(inline(), { results: { dmarc: { ...failed, policy: '' } } }), [])
  assert.deepEqual(await found(inline(), { results: { spf: failed } }), [])
  const dkim = [{ domain: 'example.net', verdict: 'pass' }] as const
  assert.deepEqual(await found(inline(), { results: { spf: failed, dkim } }), ['mail'], 'forwarded')
  const foreign = [{ domain: 'evil.example', verdict: 'pass' }] as const
  assert.deepEqual(await found(inline(), { results: { spf: failed, dkim: foreign } }), [])
  assert.deepEqual(await found(inline(), { pgp: 'closed' }), [])
  const forged = [{ name: 'from', outside: ADDRESS, inside: 'evil@example.com' }]
  assert.deepEqual(await found(inline(), {}, forged), [])
  for (const from of ['evil@example.com', `"${ADDRESS}" <evil@example.com>`, `${ADDRESS}, a@b.c`])
    assert.deepEqual(await found([`From: ${from}`, '', armored]), [], from)
  const two = [`From: ${ADDRESS}`, `From: ${ADDRESS}`, '', armored]
  assert.deepEqual(await found(two), [])
})

test('what nobody asked about proves nothing, and an imported mail gives no key', async () => {
  const skipped = { domain: '', verdict: 'skipped' } as const
  const dmarc = { ...skipped, policy: '' }
  const signed = [{ domain: 'example.net', verdict: 'pass' }] as const
  const foreign = [{ domain: 'evil.example', verdict: 'pass' }] as const
  for (const results of [{ spf: skipped }, { dmarc }, { dmarc, spf: skipped }]) {
    assert.deepEqual(await found(inline(), { results, way: 'imap' }), [])
    assert.deepEqual(await found(inline(), { results: { ...results, dkim: foreign } }), [])
    assert.deepEqual(await found(inline(), { results: { ...results, dkim: signed } }), ['mail'])
  }
  assert.deepEqual(await found(inline(), { way: 'import', results: { dkim: signed } }), [])
})

test('a key is vouched for as its mail is, and in the header only where the header is', async () => {
  const spf = { domain: 'example.net', verdict: 'pass' } as const
  const dkim = [spf]
  const vouched = async (lines: readonly string[], results: Results) =>
    (await look(lines, { results })).keys.map((key) => key.vouched)
  assert.deepEqual(await vouched(inline(), {}), [false])
  assert.deepEqual(await vouched(inline(), { spf }), [true])
  assert.deepEqual(await vouched(inline(), { dkim }), [true])
  const header = `Autocrypt: addr=${ADDRESS}; keydata=${base64OfBytes(binary)}`
  const signature = (fields: string) => `DKIM-Signature: d=example.net; h=${fields}; b=x`
  const lines = (fields: string) => [`From: ${ADDRESS}`, signature(fields), header, '', 'x']
  assert.deepEqual(await vouched(lines('from'), { dkim }), [false], 'added to a signed mail')
  assert.deepEqual(await vouched(lines('from:autocrypt'), { dkim }), [true])
})

test('a mail without end, of ten megabytes, or full of blocks costs little', async () => {
  const began = performance.now()
  await found([`From: ${ADDRESS}`, '', '-----BEGIN PGP PUBLIC KEY BLOCK-----'.repeat(30_000)])
  await found([`From: ${ADDRESS}`, '', 'x'.repeat(10_000_000), armored])
  const blocks = Array.from({ length: 500 }, () => armored)
  assert.ok((await found([`From: ${ADDRESS}`, '', ...blocks])).length <= 8)
  assert.ok(performance.now() - began < 5000)
})

test('another key after the pin is told, one before it and the same one are not', async () => {
  const { keys } = await look(inline())
  const [key] = keys
  assert.ok(key)
  const { fingerprint, hash } = key.certificate
  const pin = { fingerprint, hash, seq: 1 }
  assert.equal(keyAfter(pin, keys), undefined)
  assert.equal(keyAfter({ ...pin, hash: '0'.repeat(64) }, keys), key, 'renewed')
  assert.equal(keyAfter({ ...pin, hash: '0'.repeat(64), seq: 3 }, keys), undefined, 'settled')
  const newer = {
    ...key,
    seq: 9,
    certificate: await readReporterCertificate(binary, ADDRESS, now),
  }
  assert.equal(keyAfter({ ...pin, hash: '0'.repeat(64) }, [key, newer]), newer)
})

test('keys of several mails differ, and one that stands twice in a mail is one', async () => {
  const [key] = (await look(inline())).keys
  assert.ok(key)
  const as = (seq: number, hash: string, fingerprint = key.certificate.fingerprint) => ({
    ...key,
    seq,
    certificate: { ...key.certificate, hash, fingerprint },
  })
  const stands = (...keys: readonly ReturnType<typeof as>[]) =>
    differingKeys(keys).map(({ seq, certificate }) => `${seq} ${certificate.hash}`)
  assert.deepEqual(stands(as(9, 'a'), as(3, 'a'), as(1, 'a')), ['9 a'])
  assert.deepEqual(stands(as(9, 'a'), as(9, 'b')), ['9 a'], 'whole, and small in the header')
  assert.deepEqual(stands(as(9, 'a'), as(9, 'b', 'f')), ['9 a', '9 b'], 'two of one mail')
  assert.deepEqual(stands(as(9, 'a'), as(3, 'b')), ['9 a', '3 b'], 'other signatures')
  assert.deepEqual(stands(as(9, 'a'), as(3, 'b', 'f'), as(1, 'a')), ['9 a', '3 b'])
})

test('every mail after the pin is looked at, or none of them passes', () => {
  const mail = mailOf(inline())
  const mails = Array.from({ length: 60 }, (_, seq) => ({ seq, mail }))
  const seen = (pin: { seq: number } | undefined, all = mails) => {
    const { looked, crowded } = mailsForKeys(all, ADDRESS, pin)
    return [looked.length, looked[0]?.seq, crowded]
  }
  assert.deepEqual(seen({ seq: 9 }), [50, 59, false])
  assert.deepEqual(seen({ seq: 8 }), [50, 59, true])
  assert.deepEqual(seen({ seq: 59 }), [0, undefined, false])
  const failed = { domain: 'example.net', verdict: 'fail' } as const
  const others = [mailOf(['From: evil@example.com']), mailOf(inline(), { spf: failed })]
  const flood = others.flatMap((each) => mails.map(({ seq }) => ({ seq: seq + 60, mail: each })))
  assert.deepEqual(seen({ seq: 9 }, [...mails, ...flood]), [50, 59, false], 'nobody fills the row')
  const size = LARGEST_WITH_KEY
  const large = mails.map(({ seq }) => ({ seq, mail: { ...mail, size } }))
  assert.deepEqual(seen({ seq: 50 }, large), [8, 59, true], 'of what is fetched')
  assert.ok(!mayHoldKey({ ...mail, size: size + 1 }, ADDRESS))
  assert.deepEqual(
    seen(
      undefined,
      large.map((each) => ({ ...each, mail: { ...mail, size: size + 1 } })),
    ),
    [0, undefined, false],
  )
})
