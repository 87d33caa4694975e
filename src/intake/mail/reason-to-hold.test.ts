import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesOfText, readMailHeaders } from '#lexicon'
import type { MailFacts } from '#seal'
import { reasonToHold } from './reason-to-hold.ts'

const own = ['security@desk.example']
const plain: MailFacts = {
  client: { helo: '', ip: '192.0.2.7', tls: true },
  from: 'a@example.org',
  results: {
    arc: 'none',
    dkim: [],
    dmarc: { domain: 'example.org', policy: '', verdict: 'none' },
    spf: { domain: 'example.org', verdict: 'none' },
  },
  thread: 'new',
  to: own,
  way: 'smtp',
}

function reason(head: string, facts: Partial<MailFacts> = {}, ours = false): string {
  const headers = readMailHeaders(bytesOfText(`${head}\r\nSubject: a\r\n\r\nText.`))
  return reasonToHold({ headers, facts: { ...plain, ...facts }, own, ours })
}

test('what looks like nobody’s mail is held, and says why', () => {
  for (const [head, expected, from] of [
    ['Auto-Submitted: auto-generated', 'auto-reply', ''],
    ['List-Id: <users.example.org>', 'list', 'users-bounces@example.org'],
    ['From: security@desk.example', 'loop', 'a@example.org'],
    ['Content-Type: multipart/report; report-type=delivery-status', 'bounce', ''],
    ['Subject: Report Domain: a.example Submitter: b.example', 'dmarc-report', 'd@b.example'],
    ['X-Spam-Flag: YES', 'spam', 'a@example.org'],
    ['X-Spam-Flag: yes, a lot', 'spam', 'a@example.org'],
    ['X-Spam-Flag: NO', '', 'a@example.org'],
    ['X-Spam-Status: Yes', '', 'a@example.org'],
    ['From: A <a@example.org>', '', 'a@example.org'],
  ] as const)
    assert.equal(reason(head, { from }), expected, head)
  assert.equal(reason('From: A <a@example.org>', {}, true), 'loop')
})

test('a From that its domain disowns is held; no answer of the DNS holds anything', () => {
  for (const [policy, verdict, expected] of [
    ['reject', 'fail', 'forged'],
    ['quarantine', 'fail', 'forged'],
    ['none', 'fail', ''],
    ['', 'temperror', ''],
    ['reject', 'temperror', ''],
    ['reject', 'permerror', ''],
    ['reject', 'pass', ''],
  ] as const) {
    const dmarc = { domain: 'example.org', policy, verdict }
    const results = { ...plain.results, dmarc }
    assert.equal(reason('From: a@example.org', { results }), expected, `${policy} ${verdict}`)
  }
})

test('what somebody brought in from an old mailbox is not held', () => {
  assert.equal(reason('List-Id: <users.example.org>\r\nX-Spam-Flag: YES', { way: 'import' }), '')
})
