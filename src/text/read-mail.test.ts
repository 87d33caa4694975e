import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { attachmentOf, readMail } from './read-mail.ts'

const FIXTURES = '../shared/data/mime'

test('text, and attachments byte for byte', async () => {
  const mail = bytes(
    'Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nf=C3=BCr\r\n--b\r\nContent-Type: image/png; name="a.png"\r\nContent-Transfer-Encoding: base64\r\n\r\n/wAA\r\n--b--\r\n',
  )
  assert.deepEqual(await readMail(mail), {
    text: 'für',
    of: 'plain',
    cut: false,
    attachments: [{ name: 'a.png', type: 'image/png', size: 3, encrypted: false }],
  })
  assert.deepEqual(await attachmentOf(mail, 0), new Uint8Array([255, 0, 0]))
  assert.equal(await attachmentOf(mail, 1), undefined)
})

test('of HTML alone the words are read, and beside a text it is not', async () => {
  const html = await readMail(bytes('Content-Type: text/html\r\n\r\n<p>a<script>b</script></p>'))
  assert.deepEqual([html.text, html.of], ['a', 'html'])
  const both = await readMail(
    bytes(
      'Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\nplain\r\n--b\r\nContent-Type: text/html\r\n\r\n<b>html</b>\r\n--b--',
    ),
  )
  assert.deepEqual([both.text, both.of], ['plain', 'plain'])
})

test('what is encrypted by itself stands apart, and is never opened with the rest', async () => {
  const block = '-----BEGIN PGP MESSAGE-----\n\nwV4D\n-----END PGP MESSAGE-----\n'
  const mail = bytes(
    `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nwords\n${block}\r\n--b\r\nContent-Type: application/octet-stream; name=r.txt.pgp\r\nContent-Transfer-Encoding: base64\r\n\r\nwV4D\r\n--b--`,
  )
  const { attachments } = await readMail(mail)
  assert.deepEqual(
    attachments.map(({ name, encrypted }) => [name, encrypted]),
    [
      ['r.txt.pgp', true],
      ['encrypted-text-1.txt.pgp', true],
    ],
  )
  assert.equal(new TextDecoder().decode(await attachmentOf(mail, 1)), block)
})

test('what cannot be read as a mail is shown as it came', async () => {
  const deep = Array.from(
    { length: 80 },
    (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n`,
  )
  for (const raw of [deep.join(''), `X: ${'y'.repeat(2_000_000)}\r\n\r\nwords`]) {
    const read = await readMail(bytes(raw))
    assert.equal(read.of, 'raw')
    assert.equal(read.text, raw.slice(0, 256 * 1024))
  }
})

test('mails that are made to hurt end soon (R44)', async () => {
  const parts = `--b\r\n\r\nx\r\n`.repeat(100_000)
  const headers = 'X: y\r\n'.repeat(200_000)
  // Work is counted, not time: beside other tests a mail waits for its turn.
  const begin = process.cpuUsage()
  for (const raw of [
    `Content-Type: multipart/mixed; boundary=b\r\n\r\n${parts}--b--`,
    `${headers}\r\nwords`,
    `\r\n${'x'.repeat(10_000_000)}`,
    `Subject: ${'=?utf-8?Q?=C3?= '.repeat(50_000)}\r\n\r\nwords`,
    `${'Content-Type: message/rfc822\r\n\r\n'.repeat(2000)}words`,
  ]) {
    const read = await readMail(bytes(raw))
    assert.ok(read.text.length <= 256 * 1024)
  }
  const { user, system } = process.cpuUsage(begin)
  assert.ok(user + system < 12_000_000, `${(user + system) / 1000} ms`)
})

test('no bytes at all make it fail', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (raw) => {
      assert.equal(typeof (await readMail(new Uint8Array(raw))).text, 'string')
    }),
  )
})

test(
  'every mail of other parsers’ tests is read',
  { skip: !existsSync(FIXTURES) && `no ${FIXTURES}` },
  async () => {
    const mails = globSync(`${FIXTURES}/**/*.eml`)
    assert.ok(mails.length > 10)
    for (const path of mails) {
      const read = await readMail(new Uint8Array(readFileSync(path)))
      assert.ok(read.text !== '' || read.attachments.length > 0, path)
      for (const n of read.attachments.keys())
        assert.equal(
          (await attachmentOf(new Uint8Array(readFileSync(path)), n))?.length,
          read.attachments[n]?.size,
        )
    }
  },
)

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}
