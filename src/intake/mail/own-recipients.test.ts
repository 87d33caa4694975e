import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isPlainRecipient, ownRecipients } from './own-recipients.ts'

test('the desk’s addresses and their plus-addresses are its own, and nothing else is', () => {
  const isOwn = ownRecipients(['security@example.org', 'help@xn--bcher-kva.example'])
  for (const own of [
    'security@example.org',
    'Security@EXAMPLE.org',
    'security+a1b2@example.org',
    'security+@example.org',
    'help@bücher.example',
    'help@xn--bcher-kva.example',
  ])
    assert.equal(isOwn(own), true, own)
  for (const foreign of [
    '',
    'security',
    'postmaster',
    '@example.org',
    'other@example.org',
    'security@example.com',
    'security@sub.example.org',
    'security@example.org.example.com',
    'security%example.com@example.org',
    'security@example.com@example.org',
    'example.com!security@example.org',
    '"security"@example.org',
    'security @example.org',
    '+security@example.org',
    'security@[127.0.0.1]',
  ])
    assert.equal(isOwn(foreign), false, foreign)
})

test('a recipient is an address and nothing more', () => {
  for (const plain of [
    'RCPT TO:<security@example.org>',
    'rcpt to: <security+tag=1@example.org> NOTIFY=NEVER',
  ])
    assert.equal(isPlainRecipient(plain), true, plain)
  for (const odd of [
    'RCPT TO:<@relay.example,@other.example:security@example.org>',
    'RCPT TO:<@relay.example:security@example.org>',
    'RCPT TO:<"security"@example.org>',
    'RCPT TO:<security%example.com@example.org>',
    'RCPT TO:<example.com!security@example.org>',
    'RCPT TO:<security@example.org\0>',
    'RCPT TO:<security\0@example.org>',
    'RCPT TO:<security@example.org> NOTIFY=\0',
    'RCPT TO:security@example.org',
    'RCPT TO:<security@example.org',
    'RCPT TO:<>',
    'RCPT TO:<postmaster>',
    'RCPT FROM:<security@example.org>',
  ])
    assert.equal(isPlainRecipient(odd), false, odd)
})
