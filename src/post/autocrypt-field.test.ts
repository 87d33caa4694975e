import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { base64OfBytes, bytesOfText, headerValues, readMailHeaders } from '#lexicon'
import { startMailSink } from '../../stories/mail-sink.ts'
import { autocryptField } from './autocrypt-field.ts'
import { writePgpMail } from './pgp-mail.ts'
import { openRelay } from './relay.ts'
import { writeLetter } from './write-letter.ts'

const key = base64OfBytes(Uint8Array.from({ length: 700 }, (_, n) => n % 256))
const letterhead = { name: 'Desk', from: 'security@desk.example', url: 'https://desk.example', key }
const common = {
  letterhead,
  to: 'reporter@example.org',
  date: Date.UTC(2026, 10, 22),
  messageId: '<1@desk.example>',
  answers: '',
  replyTo: '',
}
const letter = () => writeLetter({ ...common, subject: 'Words', text: 'Words.', submitted: '' })

test('a letter and a PGP mail say the key, for the address that they are from', async () => {
  const armored = '-----BEGIN PGP MESSAGE-----\n\nwords\n-----END PGP MESSAGE-----\n'
  for (const raw of [await letter(), writePgpMail({ ...common, armored })]) {
    const headers = readMailHeaders(raw)
    assert.ok(headers.plain && headers.whole)
    const [value = '', ...more] = headerValues(headers, 'autocrypt')
    assert.deepEqual(more, [])
    const said = /^addr=(\S+); prefer-encrypt=mutual; keydata=(.*)$/s.exec(value.trim())
    assert.deepEqual([said?.[1], said?.[2]?.replace(/\s+/g, '')], [letterhead.from, key])
    const lines = Buffer.from(raw).toString('latin1').split('\r\n')
    assert.ok(lines.every((line) => line.length <= 78))
  }
})

test('without a key, or with one that is too large, nothing is said', async () => {
  for (const none of [undefined, '', 'A'.repeat(10 * 1024 + 1)])
    assert.equal(
      autocryptField({ from: letterhead.from, ...(none !== undefined && { key: none }) }),
      undefined,
    )
  const { key: _, ...plain } = letterhead
  const raw = await writeLetter({
    ...common,
    letterhead: plain,
    subject: 'Words',
    text: 'Words.',
    submitted: 'auto-replied',
  })
  assert.deepEqual(headerValues(readMailHeaders(raw), 'autocrypt'), [])
})

test('the signature of the desk’s domain names the field, and each one once', async (t) => {
  const sink = await startMailSink()
  t.after(sink.close)
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const relay = openRelay({
    host: '127.0.0.1',
    port: sink.port,
    tls: 'none',
    helo: 'desk.example',
    dkim: {
      domain: 'desk.example',
      selector: 'postern',
      key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    },
  })
  await relay.send({ from: '', to: 'reporter@example.org', raw: await letter() })
  const [mail] = await sink.whenMails(1)
  const [signature = ''] = headerValues(
    readMailHeaders(bytesOfText(mail?.data ?? '')),
    'dkim-signature',
  )
  const named = /\bh=([^;]+);/.exec(signature)?.[1]?.replace(/\s+/g, '').toLowerCase().split(':')
  for (const field of ['from', 'to', 'subject', 'date', 'message-id', 'content-type', 'autocrypt'])
    assert.ok(named?.includes(field), field)
  // What the threat model says of it: a second field, or an absent one, it does not keep out.
  assert.equal(new Set(named).size, named?.length)
  assert.ok(!named?.includes('in-reply-to'))
})
