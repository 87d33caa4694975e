import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesOfText, kindOfMail, mailboxOf, readMailHeaders } from './index.ts'

const own = ['security@desk.example']

function kind(head: string, from = 'a@example.org'): string {
  const headers = readMailHeaders(
    bytesOfText(`${head}\r\nMessage-ID: <1@example.org>\r\n\r\nText.`),
  )
  return kindOfMail({ headers, from, own })
}

test('a mail without a sign of anything else may be of a person', () => {
  for (const head of [
    'From: Volunteer 1 <a@example.org>',
    'Auto-Submitted: no',
    'To: security+rabc@desk.example',
    // Delivered to us before: a mailbox that is pulled says so of every mail.
    'Delivered-To: security@desk.example',
    'Subject: Report about a domain',
    'Content-Type: multipart/mixed; boundary="multipart/report"',
  ])
    assert.equal(kind(head), 'person', head)
})

test('what servers and programs write is known by its head', () => {
  for (const [head, expected, from] of [
    ['Content-Type: multipart/report; report-type=delivery-status; boundary=x', 'bounce', ''],
    [
      'Content-Type: Multipart/Report; boundary=x;\r\n Report-Type="delivery-status"',
      'bounce',
      'x@y.example',
    ],
    ['X-Failed-Recipients: b@example.org\r\nAuto-Submitted: auto-replied', 'bounce', ''],
    ['From: MAILER-DAEMON@example.org', 'bounce', ''],
    [
      'Subject: Report Domain: desk.example Submitter: example.net Report-ID: <1>',
      'dmarc-report',
      'd@example.net',
    ],
    ['List-Id: <users.example.org>', 'list', 'users-bounces@example.org'],
    ['Precedence: bulk', 'auto-reply', 'a@example.org'],
    ['Auto-Submitted: auto-replied', 'auto-reply', ''],
    ['X-Autoreply: yes', 'auto-reply', 'a@example.org'],
    [
      'Content-Type: multipart/report; report-type=disposition-notification',
      'person',
      'a@example.org',
    ],
  ] as const)
    assert.equal(kind(head, from), expected, head)
})

test('what says that we wrote it is a loop, also with a plus and among others', () => {
  for (const head of [
    'From: Desk <security@desk.example>',
    'Sender: SECURITY+r@desk.example',
    'Reply-To: a@example.org, "x" <security@desk.example>',
    `From: ${'b@example.org, '.repeat(300)}security@desk.example`,
  ])
    assert.equal(kind(head), 'loop', head.slice(0, 60))
  assert.equal(kind('Subject: a', 'security+b1@desk.example'), 'loop')
})

test('the plus-addresses of a mailbox are one mailbox', () => {
  assert.equal(mailboxOf('A+b+c@Example.org'), 'a@example.org')
  assert.equal(mailboxOf('a@example.org'), 'a@example.org')
})

test('a head that is made to be looked at again and again costs no time', () => {
  for (const head of ['(', 'a@', 'report-type=', 'report domain: '].map((word) =>
    word.repeat(4000),
  ))
    for (const name of ['Content-Type: multipart/report', 'Subject: ', 'From: ', 'Precedence: ']) {
      const began = performance.now()
      kind(`${name}${head}`)
      assert.ok(performance.now() - began < 500, `${name} ${head.slice(0, 10)}`)
    }
})
