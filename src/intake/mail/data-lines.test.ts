import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { dataLines } from './data-lines.ts'

/** What comes out of chunks: the mail, and what is behind its end, if it has one. */
function read(chunks: readonly Uint8Array[]) {
  const next = dataLines()
  const mail: Buffer[] = []
  for (const [n, chunk] of chunks.entries()) {
    const part = next(chunk)
    mail.push(part.mail)
    if (part.rest !== undefined)
      return { mail: Buffer.concat(mail), rest: Buffer.concat([part.rest, ...chunks.slice(n + 1)]) }
  }
  return { mail: Buffer.concat(mail), rest: undefined }
}

const piece = fc.oneof(
  fc.uint8Array({ maxLength: 5 }).map((bytes) => Buffer.from(bytes)),
  fc
    .constantFrom('\r', '\n', '.', '\r\n', '\r\n.', '\r\n..', '\n.', '\n.\n', '\r.\r', '\0')
    .map((text) => Buffer.from(text)),
)
const bytes = fc.array(piece, { maxLength: 12 }).map((pieces) => Buffer.concat(pieces))

test('what was doubled comes back, cut in whatever way', () => {
  const rest = Buffer.from('MAIL FROM:<>\r\n.\r\n')
  fc.assert(
    fc.property(bytes, fc.array(fc.nat(80)), (some, cuts) => {
      const mail = Buffer.concat([some, Buffer.from('\r\n')])
      const doubled = `\r\n${mail.toString('latin1')}`.replaceAll('\r\n.', '\r\n..').slice(2)
      const sent = Buffer.concat([Buffer.from(doubled, 'latin1'), Buffer.from('.\r\n'), rest])
      const places = [0, ...cuts.filter((at) => at < sent.length).toSorted((a, b) => a - b)]
      const chunks = places.map((at, n) => sent.subarray(at, places[n + 1]))
      assert.deepEqual(read(chunks), { mail, rest })
    }),
    { numRuns: 500 },
  )
})

test('a dot that was not doubled is kept, and ends nothing', () => {
  for (const mail of [
    '.a\r\n',
    'a\r\n.b\r\n',
    '.\r',
    '.\rx',
    '\r\n.\r\r\n',
    '.\0\r\n',
    '\n.\r\n',
    '\r.\r\n',
  ])
    assert.deepEqual(read([Buffer.from(mail)]).rest, undefined, JSON.stringify(mail))
  assert.equal(read([Buffer.from('.a\r\n.\r\n')]).mail.toString(), '.a\r\n')
  assert.equal(read([Buffer.from('.\rx\r\n.\r\n')]).mail.toString(), '.\rx\r\n')
})

test('an empty mail ends at once', () => {
  assert.deepEqual(read([Buffer.from('.\r\nQUIT')]), {
    mail: Buffer.from(''),
    rest: Buffer.from('QUIT'),
  })
  assert.equal(
    read([Buffer.from('.\r\n')].flatMap((sent) => [...sent].map((byte) => Buffer.of(byte)))).mail
      .length,
    0,
  )
})
