import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MailShown } from '#worker'
import {
  broughtWords,
  dkimWords,
  doubtSentences,
  fromSentence,
  kindSentence,
  sealedWords,
  signedWords,
  threadWords,
  verdictWords,
} from './mail-words.ts'

const NONE = { domain: '', verdict: 'none' } as const
const MAIL: MailShown = {
  way: 'smtp',
  thread: 'new',
  kind: 'person',
  returned: undefined,
  elsewhere: false,
  client: { helo: 'mx.example.net', ip: '192.0.2.7', tls: true },
  envelope: 'a@example.net',
  to: ['security@example.org'],
  results: { spf: NONE, dkim: [], dmarc: NONE, arc: 'none' },
  from: { shown: 'A <a@example.net>', address: 'a@example.net', doubts: [], confirmed: false },
  subject: 'A bug',
  date: '',
  size: 100,
  sealed: false,
}

test('nothing that is said of a sender is said as of a person', () => {
  assert.equal(fromSentence(MAIL), 'A claim: anybody can write any sender.')
  const confirmed = { ...MAIL, from: { ...MAIL.from, confirmed: true } }
  assert.match(fromSentence(confirmed), /Its domain says .* nobody checked\.$/)
  const unclear = { ...MAIL, from: { ...MAIL.from, address: '', confirmed: false } }
  assert.equal(fromSentence(unclear), 'Nobody confirmed it.')
})

test('each doubt is a sentence of its own', () => {
  const doubts = ['none', 'several', 'unclear', 'name-is-address', 'other-domain'] as const
  const sentences = doubtSentences({ ...MAIL, from: { ...MAIL.from, doubts } })
  assert.equal(new Set(sentences).size, doubts.length)
  for (const sentence of sentences) assert.match(sentence, /^[A-Z].*\.$/)
})

test('a signature that nobody checked is not called good (K17)', () => {
  assert.doesNotMatch(signedWords(true), /\b(?:good|valid|verified|holds)\b/i)
  assert.equal(signedWords(false), 'Not signed as a whole.')
})

test('what checks found is said with the domain that they are about, hidden characters shown', () => {
  assert.equal(verdictWords({ domain: 'example.net', verdict: 'pass' }), 'holds for example.net')
  assert.equal(verdictWords(NONE), 'none')
  assert.equal(dkimWords(MAIL), 'none')
  const dkim = [
    { domain: 'a.example', verdict: 'pass' },
    { domain: 'b\u202e.example', verdict: 'fail' },
  ] as const
  const signed = { ...MAIL, results: { ...MAIL.results, dkim } }
  assert.equal(dkimWords(signed), 'holds for a.example, fails for b[U+202E].example')
})

test('how it came says who brought it, and how readable it was', () => {
  assert.equal(
    broughtWords(MAIL),
    'came in over SMTP, from mx.example.net [192.0.2.7], encrypted on the line',
  )
  const none = { helo: '', ip: '', tls: false }
  assert.equal(broughtWords({ ...MAIL, way: 'import', client: none }), 'from an old archive')
  assert.match(sealedWords(undefined, false), /^Readable on its way/)
  assert.match(sealedWords('opened', true), /mail key of the desk/)
  // Whoever writes the marks around clear text has encrypted nothing: it is said once it opened.
  for (const unknown of ['closed', 'none', undefined] as const)
    assert.match(sealedWords(unknown, true), /nobody knows/)
})

test('how it found its case is said, and what that does not mean', () => {
  const ways = ['new', 'token', 'returned', 'reference', 'unknown'] as const
  assert.equal(new Set(ways.map((thread) => threadWords({ ...MAIL, thread }))).size, ways.length)
  assert.deepEqual(doubtSentences(MAIL), [])
  assert.match(
    doubtSentences({ ...MAIL, elsewhere: true }).join(),
    /another address than the first/,
  )
  assert.match(doubtSentences({ ...MAIL, thread: 'unknown' }).join(), /never sent/)
})

test('a bounce says that somebody did not get it, and not more than it knows', () => {
  const bounce = { ...MAIL, kind: 'bounce', thread: 'returned' } as const
  const failed = { action: 'failed', status: '5.1.1' } as const
  assert.match(kindSentence({ ...bounce, returned: failed }), /came back \(5\.1\.1\)\. This person/)
  assert.match(kindSentence({ ...bounce, returned: undefined }), /This person did not get it/)
  // Whoever knows the address of the case can write that a mail came back.
  for (const thread of ['new', 'token', 'reference'] as const)
    assert.match(
      kindSentence({ ...bounce, thread, returned: failed }),
      /It says .* did not come to/,
    )
  const delayed = { action: 'delayed', status: '4.4.7' } as const
  assert.match(kindSentence({ ...bounce, returned: delayed }), /late \(4\.4\.7\)/)
  assert.doesNotMatch(kindSentence({ ...bounce, returned: delayed }), /did not get it/)
  assert.equal(kindSentence(MAIL), '')
  const kinds = ['list', 'auto-reply', 'dmarc-report', 'loop'] as const
  assert.equal(new Set(kinds.map((kind) => kindSentence({ ...MAIL, kind }))).size, kinds.length)
})
