import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesOfText, readMailHeaders } from '#lexicon'
import type { MailFacts } from '#seal'
import { mayAnswer } from './may-answer.ts'

const own = ['security@desk.example', 'report@desk.example']

const plain: MailFacts = {
  client: { helo: 'mx.example.org', ip: '192.0.2.9', tls: true },
  from: 'volunteer@example.org',
  results: {
    arc: 'none',
    dkim: [],
    dmarc: { domain: 'example.org', policy: '', verdict: 'none' },
    spf: { domain: 'example.org', verdict: 'none' },
  },
  to: ['security@desk.example'],
  thread: 'new',
  way: 'smtp',
}
const { results } = plain

function answers(head: string, facts: Partial<MailFacts> = {}): boolean {
  const mail = `From: Volunteer 1 <volunteer@example.org>\r\n${head}\r\nMessage-ID: <1@example.org>\r\n\r\nText.\r\n`
  const headers = readMailHeaders(bytesOfText(mail))
  return mayAnswer({ headers, facts: { ...plain, ...facts }, own })
}

test('a mail that a person wrote is answered', () => {
  for (const head of [
    'Subject: a hole',
    'Auto-Submitted: no',
    'Auto-Submitted: No (nobody did) ; x=y',
    'Precedence: first-class',
    'X-Auto-Response-Suppress: DR, RN',
    'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"',
    'Content-Type: multipart/mixed; boundary="multipart/report"',
    'Received: by a\r\n'.repeat(50).trimEnd(),
    // In the body, which is nobody's command.
    '\r\nAuto-Submitted: auto-replied',
  ])
    assert.equal(answers(head), true, head)
  for (const from of ["o'hara+tag@example.org", 'a.b@mail.example.org', 'prvs=1234=me@example.org'])
    assert.equal(answers('Subject: a hole', { from }), true, from)
})

test('no form of automatic mail is answered', () => {
  for (const head of [
    'Auto-Submitted: auto-replied',
    'Auto-Submitted: auto-generated',
    'auto-submitted:AUTO-NOTIFIED; owner-email="a@example.org"',
    'Auto-Submitted: (no) auto-replied',
    'Auto-Submitted:',
    'Auto-Submitted: no\r\nAuto-Submitted: auto-replied',
    'Auto-Submitted:\r\n auto-replied',
    'Precedence: bulk',
    'Precedence: junk',
    'Precedence: LIST',
    'Precedence: auto_reply',
    'List-Id: <users.example.org>',
    'List-Unsubscribe: <https://example.org>',
    'List-Post: NO',
    'X-Mailing-List: users',
    'Mailing-List: contact users-help@example.org',
    'X-BeenThere: users@example.org',
    'X-Loop: users@example.org',
    'X-Autoreply: yes',
    'X-Autorespond: yes',
    'X-Auto-Response-Suppress: All',
    'X-Auto-Response-Suppress: DR, OOF, AutoReply',
    'X-Failed-Recipients: a@example.org',
    'Return-Path: <>',
    'Content-Type: multipart/report; report-type=delivery-status; boundary=x',
    'Content-Type: Multipart/Report; report-type=feedback-report',
    'Content-Type: (DSN) multipart/report',
    'Content-Type: message/disposition-notification',
    'Received: by a\r\n'.repeat(51).trimEnd(),
  ])
    assert.equal(answers(head), false, head)
})

test('programs, lists and ourselves are not answered, whatever the head says', () => {
  for (const from of [
    '',
    'MAILER-DAEMON@example.org',
    'postmaster@example.org',
    'noreply@example.org',
    'No-Reply@example.org',
    'donotreply@example.org',
    'do-not-reply+7@example.org',
    'owner-users@example.org',
    'users-owner@example.org',
    'users-request@example.org',
    'users-bounces@example.org',
    'users-bounces+volunteer=example.org@example.org',
    'bounce-12-ab@example.org',
    'bounces+12-ab@example.org',
    'majordomo@example.org',
    'security@desk.example',
    'Security@DESK.example',
    'report+token@desk.example',
  ])
    assert.equal(answers('Subject: a hole', { from }), false, from)
  for (const head of [
    'From: <security@desk.example>',
    'Sender: "x" <REPORT+1@desk.example>',
    'Reply-To: security@desk.example, a@example.org',
  ])
    assert.equal(answers(head), false, head)
})

test('an address that a relay could read as something else gets nothing', () => {
  for (const from of [
    'a',
    'a@',
    '@example.org',
    'a@b@example.org',
    'a@example.org,b@example.org',
    'a b@example.org',
    '"a b"@example.org',
    'a@[192.0.2.1]',
    '@relay.example:a@example.org',
    'a@example.org>',
    'a\r\nRCPT TO:<b@example.org>',
    'a..b@example.org',
    'ä@example.org',
    `${'a'.repeat(65)}@example.org`,
    `a@${'b.'.repeat(130)}example.org`,
  ])
    assert.equal(answers('Subject: a hole', { from }), false, from)
})

test('nobody is answered whose address was forged', () => {
  const dmarc = { ...results.dmarc, verdict: 'fail' } as const
  const spf = { ...results.spf, verdict: 'fail' } as const
  const dkim = [{ domain: 'example.org', verdict: 'pass' }] as const
  const subject = 'Subject: a hole'
  assert.equal(answers(subject, { results: { ...results, dmarc } }), false)
  // Out of a mailbox, where nobody could ask whether it is forged.
  const unknown = { ...dmarc, verdict: 'skipped' } as const
  assert.equal(answers(subject, { results: { ...results, dmarc: unknown } }), false)
  assert.equal(answers(subject, { results: { ...results, dmarc, dkim } }), false)
  assert.equal(answers(subject, { results: { ...results, spf } }), false)
  // It was carried on by somebody else, as a forwarder does, and is what its domain signed.
  assert.equal(answers(subject, { results: { ...results, spf, dkim } }), true)
  for (const verdict of ['softfail', 'neutral', 'temperror', 'permerror'] as const)
    assert.equal(answers(subject, { results: { ...results, spf: { ...spf, verdict } } }), true)
})

test('who could not be checked is answered only where SPF or DKIM names that same domain', () => {
  const [pass, temperror] = ['pass', 'temperror'] as const
  for (const [dmarc, spf, sent, signed, expected] of [
    ['permerror', pass, 'example.org', 'example.org', false],
    ['temperror', temperror, 'example.org', '', false],
    ['temperror', 'none', 'example.org', 'evil.example', false],
    ['temperror', pass, 'evil.example', '', false],
    ['temperror', pass, 'Example.org', '', true],
    ['temperror', temperror, 'example.org', 'example.org', true],
    // Out of a mailbox: whoever wrote the address into it was never asked.
    ['none', 'skipped', '', '', false],
    ['pass', 'skipped', '', 'evil.example', false],
    ['pass', 'skipped', '', 'example.org', true],
    ['none', 'skipped', '', 'example.org', true],
  ] as const) {
    const facts = {
      ...results,
      dkim: signed === '' ? [] : [{ domain: signed, verdict: pass }],
      dmarc: { ...results.dmarc, verdict: dmarc },
      spf: { domain: sent, verdict: spf },
    }
    const row = [dmarc, spf, sent, signed].join(' ')
    assert.equal(answers('Subject: a hole', { results: facts }), expected, row)
  }
})

test('a head that is too long to be read whole is not answered, nor is what was imported', () => {
  assert.equal(answers('X: 1\r\n'.repeat(1001).trimEnd()), false)
  assert.equal(answers(`X: ${'x'.repeat(70_000)}`), false)
  assert.equal(answers('Subject: a hole', { way: 'import' }), false)
})

test('a signature of somebody else does not make a forged envelope answerable', () => {
  const of = (domain: string) =>
    answers('Subject: a', {
      results: {
        ...results,
        spf: { domain: 'example.org', verdict: 'fail' },
        dkim: [{ domain, verdict: 'pass' }],
      },
    })
  assert.equal(of('evil.example'), false)
  assert.equal(of('notexample.org'), false)
  assert.equal(of('Example.org'), true)
})

test('a head that is made to be looked at again and again costs no time', () => {
  const long = 60_000
  for (const head of [
    `Sender: ${'a'.repeat(long)}`,
    `Precedence: ${'('.repeat(long)}`,
    `Content-Type: ${'('.repeat(long)}`,
    `Auto-Submitted: no${'('.repeat(long)}`,
  ]) {
    const began = performance.now()
    answers(head)
    const took = performance.now() - began
    assert.ok(took < 500, `${head.slice(0, 20)}: ${took} ms`)
  }
})
