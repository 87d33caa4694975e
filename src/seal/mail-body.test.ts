import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { bytesOfText, concatBytes } from '#lexicon'
import { readCertificate } from './certificate.ts'
import { blobHash } from './hash.ts'
import { type MailFacts, readMail, writeMail } from './mail-body.ts'
import { sealMail } from './seal-mail.ts'
import { sealBody } from './seal-message.ts'
import { slotOf } from './statement.ts'
import { TRIAL_HEAD } from './trial-message.ts'
import { newSecretKey, type SecretKey, unsealBody, unsealMail } from './unseal.ts'

const FACTS: MailFacts = {
  client: { helo: 'mx.example.net', ip: '192.0.2.7', tls: true },
  from: 'reporter@example.net',
  results: {
    arc: 'none',
    dkim: [{ domain: 'example.net', verdict: 'pass' }],
    dmarc: { domain: 'example.net', policy: 'reject', verdict: 'pass' },
    spf: { domain: 'example.net', verdict: 'softfail' },
  },
  to: ['security@example.org'],
  thread: 'new',
  way: 'smtp',
}

let mine: SecretKey
before(async () => {
  mine = await newSecretKey()
})

test('a mail comes back byte for byte, whatever its bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
      const raw = new Uint8Array(bytes)
      assert.deepEqual(readMail(writeMail({ facts: FACTS, raw })), { facts: FACTS, raw })
    }),
  )
})

test('a mail is opened as one, and no message is taken for it', async () => {
  const raw = bytesOfText('Subject: A report\r\n\r\nWith \0 and a last line without an end')
  const reader = await readCertificate(mine.cert)
  const blob = await sealMail(slotOf(TRIAL_HEAD), { facts: FACTS, raw }, [reader])
  const head = { ...TRIAL_HEAD, body: blobHash(blob) }
  assert.deepEqual(await unsealMail(head, blob, mine), { facts: FACTS, raw })
  await assert.rejects(unsealBody(head, blob, mine, 1), { code: 'body' })

  const text = await sealBody(slotOf(TRIAL_HEAD), { text: 'words', title: '', files: [] }, [reader])
  const other = { ...TRIAL_HEAD, body: blobHash(text) }
  await assert.rejects(unsealMail(other, text, mine), { code: 'body' })
  const moved = { ...head, seq: head.seq + 1 }
  await assert.rejects(unsealMail(moved, blob, mine), { code: 'slot' })
})

test('facts of another form are not written, and not read', () => {
  const raw = bytesOfText('A mail')
  const wrong: readonly object[] = [
    { ...FACTS, more: 1 },
    { ...FACTS, way: 'pigeon' },
    { ...FACTS, thread: 'old' },
    { ...FACTS, from: 'a\nb' },
    { ...FACTS, to: Array.from({ length: 21 }, () => 'security@example.org') },
    { ...FACTS, results: { ...FACTS.results, arc: 'good' } },
    { ...FACTS, client: { helo: '', ip: '' } },
  ]
  for (const facts of wrong)
    assert.throws(() => writeMail({ facts: facts as MailFacts, raw }), RangeError)
  const whole = writeMail({ facts: FACTS, raw })
  const line = whole.slice(0, whole.indexOf(10))
  const spoiled = [
    line,
    raw,
    concatBytes(bytesOfText('\n'), raw),
    concatBytes(bytesOfText(' '), whole),
    concatBytes(bytesOfText('{"facts":1}\n'), raw),
    concatBytes(new Uint8Array(70_000).fill(0x20), whole),
    concatBytes(Uint8Array.of(0xff), whole),
  ]
  for (const payload of spoiled) assert.throws(() => readMail(payload), { code: 'body' })
})
