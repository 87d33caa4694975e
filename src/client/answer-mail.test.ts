import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ENDPOINTS } from '#contract'
import { bytesOfText, textOfBytes } from '#lexicon'
import { type AnswerMail, writeAnswerMail } from './answer-mail.ts'

const MAIL: AnswerMail = {
  name: 'Stiftung für Beispiele',
  from: 'security@example.org',
  to: 'reporter@example.net',
  replyTo: 'security+rabc@example.org',
  subject: 'Re: Größe\r\nBcc: all@example.org',
  date: Date.UTC(2026, 10, 22, 12),
  answers: '<a@example.net>',
  text: 'First line.\nSecond – line.\n',
  files: [],
}

test('the head is inside, and says what stands outside', () => {
  const mail = writeAnswerMail(MAIL)
  const text = textOfBytes(mail)
  const [head = ''] = text.split('\r\n\r\n')
  assert.match(
    head,
    /^Content-Type: text\/plain; charset=utf-8; hp="cipher"; protected-headers="v1"$/m,
  )
  for (const field of ['From', 'To', 'Reply-To', 'Date', 'In-Reply-To', 'References'])
    assert.match(head, new RegExp(`^HP-Outer: ${field}: `, 'm'))
  assert.match(head, /^HP-Outer: Subject: \[\.\.\.\]$/m)
  assert.doesNotMatch(text, /^Bcc:/m)
  assert.doesNotMatch(text, /[^\r]\n/)
  assert.ok(text.endsWith('\r\n\r\nFirst line.\r\nSecond – line.\r\n'))
})

test('nobody begins a field or a text of their own with what the server says', () => {
  for (const end of ['\r', '\n', '\r\n', '\u2028', '\u2029', '\u0085', '\0'])
    for (const field of ['name', 'from', 'to', 'replyTo', 'answers'] as const)
      assert.throws(
        () => writeAnswerMail({ ...MAIL, [field]: `${MAIL[field]}${end}X: y` }),
        { code: 'problem' },
        `${field} ${encodeURIComponent(end)}`,
      )
  const { answer } = ENDPOINTS.readDeliveries
  const told = { from: MAIL.from, relay: true, reply_to: MAIL.replyTo, deliveries: [] }
  assert.ok(answer.safeParse(told).success)
  assert.ok(answer.safeParse({ ...told, from: '', reply_to: '' }).success)
  for (const field of ['from', 'reply_to'] as const)
    for (const end of ['\r', '\n', '\r\n\r\n', '\u2028', ', other@example.com', ' <a@b>'])
      assert.ok(!answer.safeParse({ ...told, [field]: `${told[field]}${end}` }).success)
})

test('what another program would change on its way is encoded', () => {
  for (const line of ['From here on', 'blank at the end ', 'x'.repeat(2000)]) {
    const text = textOfBytes(writeAnswerMail({ ...MAIL, text: `One.\n${line}\nThree.` }))
    const [head = '', body = ''] = text.split('\r\n\r\n')
    assert.match(head, /^Content-Transfer-Encoding: base64$/m)
    assert.equal(decoded(body), `One.\r\n${line}\r\nThree.\r\n`)
    for (const each of body.split('\r\n')) assert.ok(each.length <= 76)
  }
})

test('files go with it, whatever their names hold', () => {
  const names = ['plain.txt', 'a"b\r\nX: y;.txt', 'größe.pdf', '-- in', '\ud800half']
  const files = names.map((name, n) => ({ name, content: bytesOfText('z'.repeat(n)) }))
  const text = textOfBytes(writeAnswerMail({ ...MAIL, files }))
  assert.doesNotMatch(text, /^X: y/m)
  const [, boundary = ''] = /boundary="([^"]+)"; hp="cipher"/.exec(text) ?? []
  const [, words = '', ...parts] = text.split(`--${boundary}`)
  assert.ok(words.includes('First line.\r\nSecond – line.'))
  assert.equal(parts.pop(), '--\r\n')
  const seen = parts.map((part) => {
    const [, name = ''] = /filename\*=UTF-8''(\S+)/.exec(part) ?? []
    return [decodeURIComponent(name), decoded(part.split('\r\n\r\n')[1] ?? '').length]
  })
  const shown = [...names.slice(0, 4), '_half']
  assert.deepEqual(
    seen,
    shown.map((name, n) => [name, n]),
  )
})

function decoded(base64: string): string {
  return Buffer.from(base64, 'base64').toString()
}
