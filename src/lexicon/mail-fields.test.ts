import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mailboxField, mailDate, textField } from './mail-fields.ts'

test('a date is written as mail wants it', () => {
  assert.equal(mailDate(Date.UTC(2026, 10, 2, 3, 4, 5)), 'Mon, 02 Nov 2026 03:04:05 +0000')
})

test('no text begins a field of its own', () => {
  const attack = 'Re: x\r\nBcc: all@example.org\r\n\r\nbody\u2028\u0085more'
  assert.equal(textField(attack), 'Re: x Bcc: all@example.org body more')
  assert.equal(
    mailboxField('A\r\nBcc: b@example.org', 'a@example.org').includes('\n'),
    false,
    'a name',
  )
})

test('other letters are encoded in words that are short and hold whole characters', () => {
  const written = textField('Größe 🙂'.repeat(30))
  const words = written.split('\r\n ')
  assert.ok(words.length > 5)
  for (const word of words) {
    assert.ok(word.length <= 75)
    const [, base64 = ''] = /^=\?UTF-8\?B\?([^?]+)\?=$/.exec(word) ?? []
    assert.doesNotThrow(() =>
      new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(base64, 'base64')),
    )
  }
})

test('a name that would be read as something else is encoded', () => {
  assert.equal(mailboxField('Example Desk', 'a@example.org'), 'Example Desk <a@example.org>')
  assert.equal(mailboxField('', 'a@example.org'), 'a@example.org')
  assert.match(mailboxField('x@y <b>', 'a@example.org'), /^=\?UTF-8\?B\?\S+ <a@example\.org>$/)
  assert.match(textField('=?UTF-8?B?QQ==?='), /^=\?UTF-8\?B\?/)
})
