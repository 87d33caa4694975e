import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  countsOfMail,
  groupedFingerprint,
  kindOfMail,
  relayWords,
  stateOfMail,
} from './mail-words.ts'

test('counts are one sentence, with one and with many', () => {
  assert.equal(
    countsOfMail({ waiting: 0, sent: 0, dead: 0, expired: 0, bounced: 0 }),
    'Nothing waits, none was sent, none was refused, none came back, none was given up.',
  )
  assert.equal(
    countsOfMail({ waiting: 1, sent: 1200, dead: 1, expired: 2, bounced: 3 }),
    '1 waits, 1\u00a0200 were sent, 1 was refused, 3 came back, 2 were given up.',
  )
})

test('why a mail was not sent is said in words, and digits as digits', () => {
  assert.equal(stateOfMail({ state: 'waiting', answer: '' }), 'Waits')
  assert.equal(
    stateOfMail({ state: 'waiting', answer: 'unreachable' }),
    'Waits: the mail server cannot be reached',
  )
  assert.equal(
    stateOfMail({ state: 'dead', answer: '550 5.1.1' }),
    'Refused for good: it answered 550 5.1.1',
  )
  assert.equal(stateOfMail({ state: 'new-word', answer: 'x' }), 'new-word: it answered x')
})

test('kinds, relays and fingerprints as a person reads them', () => {
  assert.equal(kindOfMail('receipt'), 'Receipt to a reporter')
  assert.equal(kindOfMail('other'), 'other')
  assert.equal(
    relayWords({ host: 'a', port: 587, tls: 'required', login: true }),
    'With TLS and a certificate that verifies, or nothing is sent; with a login',
  )
  assert.equal(groupedFingerprint('0123456789ABCDEF'), '0123 4567 89AB CDEF')
})
