import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isMbox, mboxMails } from './mbox-mails.ts'

const FROM = 'From reporter@example.net Sat Nov 21 22:00:00 2026'

test('each mail, as it was put in', async () => {
  for (const end of ['\n', '\r\n']) {
    const text = [FROM, 'Subject: one', '', 'words', '', FROM, 'Subject: two', '', '', ''].join(end)
    assert.deepEqual(await mailsOf(text), [
      ['Subject: one', '', 'words', ''].join(end),
      ['Subject: two', '', '', ''].join(end).slice(0, -end.length),
    ])
  }
})

test('as mail programs write it: Thunderbird, Gmail, with a zone, without an end', async () => {
  for (const line of [
    'From - Sat Nov 21 22:00:00 2026',
    'From 1234567890@xxx Sat Nov 21 22:00:00 +0000 2026',
    'From MAILER-DAEMON Sat Nov 21 22:00 UTC 2026',
  ])
    assert.deepEqual(await mailsOf(`${line}\nSubject: a\n\nb\n\n${line}\nSubject: c\n\nd`), [
      'Subject: a\n\nb\n',
      'Subject: c\n\nd',
    ])
})

test('a line in a mail that begins with From is no border, and its mark is taken off', async () => {
  const body =
    'From me to you\n>From the start\n>>From before\n>  From\nsaid\nFrom A at 10:00 in 2026\n'
  assert.deepEqual(await mailsOf(`${FROM}\nSubject: a\n\n${body}`), [
    'Subject: a\n\nFrom me to you\nFrom the start\n>From before\n>  From\nsaid\nFrom A at 10:00 in 2026\n',
  ])
})

test('bytes that are no text, and however the file is cut into chunks', async () => {
  const pieces = fc.array(
    fc.oneof(
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
      fc.constantFrom('\n', '\r\n', '\n\n', '\r', '\0', '>From ', 'a'.repeat(9000)),
    ),
    { maxLength: 12 },
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(pieces, { maxLength: 5 }),
      fc.integer({ min: 1, max: 70 }),
      async (all, size) => {
        // As a program writes an mbox: marks before From, an empty line behind.
        const mails = all.map((parts) => `Subject: a\n\n${parts.join('')}\n`)
        const quoted = mails.map((mail) => mail.replace(/(?<=^|\n)(?=>*From )/g, '>'))
        const text = quoted.map((mail) => `${FROM}\n${mail}\n`).join('')
        assert.deepEqual(await mailsOf(text, size), mails)
      },
    ),
    { numRuns: 200 },
  )
})

test('one that is too large is said as that, and those around it come', async () => {
  const text = `${FROM}\na\n\n${FROM}\n${'x'.repeat(500)}\n\n${FROM}\nb\n`
  assert.deepEqual(await mailsOf(text, 64, 100), ['a\n', 'too-large', 'b\n'])
})

test('what is an mbox', async () => {
  assert.equal(isMbox(Buffer.from(`${FROM}\n`)), true)
  for (const text of [
    '',
    'From: a@example.net\n',
    'Subject: a\n',
    'From here\n',
    'Return-Path: <>\n',
  ])
    assert.equal(isMbox(Buffer.from(text)), false, text)
  assert.deepEqual(await mailsOf(''), [])
})

async function mailsOf(text: string, size = 1000, most = 1_000_000): Promise<string[]> {
  const bytes = Buffer.from(text, 'latin1')
  const chunks = async function* () {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
  }
  const mails: string[] = []
  for await (const mail of mboxMails(chunks(), most))
    mails.push(mail === 'too-large' ? mail : Buffer.from(mail.raw).toString('latin1'))
  return mails
}
