import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { bytesOfText, MAIL_WAYS, VERDICTS } from '#lexicon'
import { readMail, writeMail } from '#seal'
import { mailFacts } from './mail-facts.ts'

test('whatever strangers say, the facts can be written and read again', () => {
  // Any letters: control characters, halves of pairs, at any length.
  const said = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 400 }),
    fc.string({ maxLength: 20 }).map((some) => `${some}\uD83D\0\u0085${'😀'.repeat(200)}`),
    fc.constant('a\r\nb'),
  )
  const verdict = fc.constantFrom(...VERDICTS)
  const seen = fc.record({
    client: fc.record({ helo: said, ip: said, tls: fc.boolean() }),
    from: said,
    to: fc.array(said, { maxLength: 30 }),
    way: fc.constantFrom(...MAIL_WAYS),
    results: fc.record({
      arc: verdict,
      dkim: fc.array(fc.record({ domain: said, verdict }), { maxLength: 30 }),
      dmarc: fc.record({ domain: said, policy: said, verdict }),
      spf: fc.record({ domain: said, verdict }),
    }),
  })
  fc.assert(
    fc.property(seen, (some) => {
      const facts = mailFacts(some)
      const mail = { facts, raw: bytesOfText('a mail') }
      assert.deepEqual(readMail(writeMail(mail)), mail)
    }),
  )
})

test('what is in order is not changed', () => {
  const seen = {
    client: { helo: 'mx.example.net', ip: '192.0.2.7', tls: true },
    from: 'reporter@example.net',
    to: ['security+a@example.org'],
    way: 'imap',
    results: {
      arc: 'none',
      dkim: [{ domain: 'example.net', verdict: 'pass' }],
      dmarc: { domain: 'example.net', policy: 'reject', verdict: 'pass' },
      spf: { domain: 'example.net', verdict: 'softfail' },
    },
  } as const
  assert.deepEqual(mailFacts({ ...seen, to: [...seen.to] }), { ...seen, thread: 'new' })
})
