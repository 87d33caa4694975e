import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { dkimSign } from 'mailauth/lib/dkim/sign.js'
import { bytesOfText, concatBytes, sameBytes } from '#lexicon'
import { authenticateMail, type Resolve } from './authenticate-mail.ts'
import { boundedQuestions } from './bounded-questions.ts'

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
const RECORDS: Readonly<Record<string, string>> = {
  'TXT example.net': 'v=spf1 ip4:192.0.2.7 -all',
  'TXT s1._domainkey.example.net': `v=DKIM1; k=rsa; p=${spki}`,
  'TXT _dmarc.example.net': 'v=DMARC1; p=reject',
}
const resolve: Resolve = (name, type) => {
  const record = RECORDS[`${type} ${name}`]
  if (record !== undefined) return Promise.resolve([[record]])
  return Promise.reject(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }))
}
const never: Resolve = () => new Promise(() => undefined)
const MAIL = bytesOfText(
  'From: Reporter <reporter@example.net>\r\nTo: security@example.org\r\nSubject: A bug\r\n' +
    'Date: Sat, 21 Nov 2026 22:00:00 +0000\r\nMessage-ID: <1@example.net>\r\n\r\nIt  crashes.\r\n',
)
const known = { client: { helo: 'mx.example.net', ip: '192.0.2.7', tls: true } }
const from = 'reporter@example.net'

async function signed(more: { readonly maxBodyLength?: number } = {}) {
  const key = {
    signingDomain: 'example.net',
    selector: 's1',
    privateKey: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    ...more,
  }
  const form = { canonicalization: 'relaxed/relaxed', signTime: new Date(Date.now() - 1000) }
  const { signatures } = await dkimSign(Buffer.from(MAIL), {
    ...form,
    ...key,
    signatureData: [key],
  })
  assert.match(signatures, /b=/)
  return concatBytes(bytesOfText(signatures), MAIL)
}

test('a mail of its domain passes', async () => {
  const raw = await signed()
  const before = raw.slice()
  const results = await authenticateMail({ ...known, from, raw }, resolve)
  assert.deepEqual(raw, before)
  assert.deepEqual(results, {
    arc: 'none',
    dkim: [{ domain: 'example.net', verdict: 'pass' }],
    dmarc: { domain: 'example.net', policy: 'reject', verdict: 'pass' },
    spf: { domain: 'example.net', verdict: 'pass' },
  })
})

test('another sender, another text, another domain do not', async () => {
  const strange = { client: { ...known.client, ip: '198.51.100.9' }, from }
  const raw = await signed()
  const forged = await authenticateMail({ ...strange, raw: MAIL }, resolve)
  assert.equal(forged.spf.verdict, 'fail')
  assert.deepEqual(forged.dkim, [])
  assert.equal(forged.dmarc.verdict, 'fail')

  const changed = concatBytes(raw, bytesOfText('And one thing more.\r\n'))
  const spoiled = await authenticateMail({ ...strange, raw: changed }, resolve)
  assert.deepEqual(spoiled.dkim, [{ domain: 'example.net', verdict: 'fail' }])

  // Passes for its envelope, says it is somebody else.
  const other = bytesOfText('From: chair@example.com\r\nSubject: a\r\n\r\nwords\r\n')
  const posing = await authenticateMail({ ...known, from, raw: other }, resolve)
  assert.equal(posing.spf.verdict, 'pass')
  assert.deepEqual(posing.dmarc, { domain: 'example.com', policy: '', verdict: 'none' })
})

test('a signature over the first bytes only is none', async () => {
  const half = await signed({ maxBodyLength: 3 })
  const { dkim, dmarc } = await authenticateMail(
    { client: { ...known.client, ip: '198.51.100.9' }, from, raw: half },
    resolve,
  )
  assert.deepEqual(dkim, [{ domain: 'example.net', verdict: 'policy' }])
  assert.equal(dmarc.verdict, 'fail')
})

test('what another server says that it found is not believed', async () => {
  const claims = bytesOfText(
    'Authentication-Results: mx.example.org; dkim=pass header.d=example.net; spf=pass; dmarc=pass\r\n' +
      'ARC-Authentication-Results: i=1; mx.example.org; dmarc=pass\r\nReceived-SPF: pass\r\n',
  )
  const strange = { client: { ...known.client, ip: '198.51.100.9' }, from }
  const plain = await authenticateMail({ ...strange, raw: MAIL }, resolve)
  const raw = concatBytes(claims, MAIL)
  const claimed = await authenticateMail({ ...strange, raw }, resolve)
  assert.deepEqual({ ...claimed, arc: '' }, { ...plain, arc: '' })
  assert.notEqual(claimed.arc, 'pass')
})

test('two authors are nobody’s word', async () => {
  const raw = bytesOfText(
    'From: a@example.net\r\nFrom: b@example.com\r\nSubject: a\r\n\r\nwords\r\n',
  )
  const { dmarc } = await authenticateMail({ ...known, from, raw }, resolve)
  assert.deepEqual(dmarc, { domain: '', policy: '', verdict: 'permerror' })
})

test('name servers that do not answer cost two seconds in all, and are said', async () => {
  const began = performance.now()
  const results = await authenticateMail({ ...known, from, raw: await signed() }, never)
  const took = performance.now() - began
  assert.ok(took > 1500 && took < 3000, `${took} ms`)
  assert.equal(results.spf.verdict, 'temperror')
  assert.deepEqual(results.dkim, [{ domain: 'example.net', verdict: 'temperror' }])
  assert.equal(results.dmarc.verdict, 'temperror')
})

test('a mail that asks for too much is not checked', async () => {
  const many =
    'DKIM-Signature: v=1; a=rsa-sha256; d=example.net; s=s1; h=from; bh=x; b=y\r\n'.repeat(11)
  const long = `X-Long: ${'a'.repeat(70_000)}\r\n`
  for (const head of [many, long]) {
    const raw = concatBytes(bytesOfText(head), MAIL)
    const { dkim, spf } = await authenticateMail({ ...known, from, raw }, resolve)
    assert.deepEqual(dkim, [{ domain: '', verdict: 'policy' }])
    assert.equal(spf.verdict, 'pass')
  }
})

test('a head that costs too much takes nobody out of the policy of its From', async () => {
  const many =
    'DKIM-Signature: v=1; a=rsa-sha256; d=evil.example; s=s1; h=from; bh=x; b=y\r\n'.repeat(11)
  const long = `X-Long: ${'a'.repeat(70_000)}\r\n`
  const forger = { client: { ...known.client, ip: '198.51.100.9' }, from }
  const mailbox = { client: { helo: '', ip: '', tls: false }, from }
  const fail = { domain: 'example.net', policy: 'reject', verdict: 'fail' }
  const unclear = { domain: '', policy: '', verdict: 'permerror' }
  const mail = Buffer.from(MAIL).toString()
  for (const [name, text, who, expected] of [
    ['many signatures', many + mail, forger, fail],
    ['a line that is no field', `no field\r\n${mail}`, forger, fail],
    ['a head without an end', mail.replace('\r\n\r\n', `\r\n${long}\r\n`), forger, fail],
    [
      'returns in the From',
      many + mail.replace('From: ', `From: ${'\r'.repeat(20)}`),
      forger,
      fail,
    ],
    // Where SPF speaks for the author it is not disowned, and nothing is confirmed either.
    ['SPF of the author', many + mail, known, unclear],
    ['several authors', `${many}From: b@example.com\r\n${mail}`, forger, unclear],
    ['no author', many + mail.replace(/^From: .*\r\n/, ''), forger, unclear],
    ['no policy', many + mail.replaceAll('example.net', 'example.com'), forger, unclear],
    ['out of a mailbox', many + mail, mailbox, { ...fail, verdict: 'skipped' }],
  ] as const) {
    const raw = bytesOfText(text)
    const { arc, dkim, dmarc } = await authenticateMail({ from, ...who, raw }, resolve)
    assert.deepEqual(dmarc, expected, name)
    assert.deepEqual([arc, dkim], ['policy', [{ domain: '', verdict: 'policy' }]], name)
  }
})

test('one question is asked once, and not more than a mail may ask', async () => {
  let asked = 0
  const ask = boundedQuestions(() => {
    asked++
    return Promise.resolve([])
  }, 1000)
  for (let n = 0; n < 5; n++) await ask('Example.net', 'TXT')
  assert.equal(asked, 1)
  const rest = Array.from({ length: 200 }, (_, n) => ask(`${n}.example.net`, 'A'))
  const answers = await Promise.allSettled(rest)
  assert.equal(asked, 60)
  assert.equal(answers.filter(({ status }) => status === 'rejected').length, 141)
})

test('garbage of any kind has results, and holds nobody up', async () => {
  const head = bytesOfText(
    'DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.net; s=s1; h=from; bh=x; b=y\r\nFrom: a@example.net\r\n\r\n',
  )
  for (const body of [
    new Uint8Array(3_000_000).fill(10),
    new Uint8Array(3_000_000).fill(13),
    new Uint8Array(3_000_000).fill(0),
    new Uint8Array(3_000_000).fill(32),
  ]) {
    let slowest = 0
    let last = performance.now()
    const watch = setInterval(() => {
      slowest = Math.max(slowest, performance.now() - last)
      last = performance.now()
    }, 5)
    const raw = concatBytes(head, body)
    const results = await authenticateMail({ ...known, from: '', raw }, resolve)
    clearInterval(watch)
    slowest = Math.max(slowest, performance.now() - last)
    assert.equal(results.dkim.length, 1)
    // What is sealed afterwards is the mail as it came.
    assert.ok(sameBytes(raw, concatBytes(head, body)))
    assert.ok(slowest < 200, `the server stood still for ${slowest} ms`)
  }
})

test('what costs more than a check is worth is not checked, however it is hidden', async () => {
  const signature = (n: number) =>
    `DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.net; s=s1; l=${n}; h=from; bh=x; b=y\r\n`
  const hidden = signature(1).replace('DKIM-Signature:', 'DKIM-Signature\r\n :')
  const lines = 'a \r\n'.repeat(400_000)
  for (const [name, text] of Object.entries({
    hidden: `${hidden.repeat(40)}From: a@example.net\r\n\r\n${lines}`,
    many: `${[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(signature).join('')}From: a@example.net\r\n\r\n${lines}${lines}${lines}`,
    line: `${signature(1)}From: a@example.net\r\n\r\n${'-'.repeat(3_000_000)}`,
    returns: `From: a@example.net\r\nX-A: ${'\r'.repeat(50_000)}\r\n\r\nwords`,
  })) {
    const began = performance.now()
    const { dmarc, arc } = await authenticateMail(
      { ...known, from, raw: bytesOfText(text) },
      resolve,
    )
    const took = performance.now() - began
    assert.equal(dmarc.verdict, 'permerror', name)
    assert.equal(arc, 'policy', name)
    assert.ok(took < 1000, `${name}: ${took} ms`)
  }
})

test('no name is asked that the resolver reads as another one', async () => {
  const asked: string[] = []
  const ask = boundedQuestions((name) => {
    asked.push(name)
    return Promise.resolve([])
  }, 1000)
  for (const name of [
    's1._domainkey.evil.example.\0.any._domainkey.example.net',
    's1._domainkey.evil\\.example.net',
    's1._domainkey.ex\u00e4mple.net',
    's1 ._domainkey.example.net',
    '',
    'a'.repeat(300),
  ])
    await assert.rejects(ask(name, 'TXT'), { code: 'ENOTFOUND' }, JSON.stringify(name))
  for (const name of ['s_1._domainkey.example.net.', '*.example.net']) await ask(name, 'TXT')
  assert.equal(asked.length, 2)
})

test('out of a mailbox SPF is not asked, and where it might have decided nobody knows', async () => {
  const client = { helo: '', ip: '', tls: false }
  const bare = await authenticateMail({ client, from, raw: MAIL }, resolve)
  assert.deepEqual(bare.spf, { domain: '', verdict: 'skipped' })
  assert.deepEqual(bare.dmarc, { domain: 'example.net', policy: 'reject', verdict: 'skipped' })
  const good = await authenticateMail({ client, from, raw: await signed() }, resolve)
  assert.equal(good.dmarc.verdict, 'pass')
})
