import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { createMessage, encrypt } from 'openpgp'
import { type Bytes, concatBytes, hexOfBytes } from '#lexicon'
import type { FileEntry } from './body.ts'
import { type Certificate, readCertificate } from './certificate.ts'
import { frameHead } from './frame.ts'
import { blobHash, blobHashOfPieces, sha256 } from './hash.ts'
import { AT_ANY_TIME, PROFILE_V6 } from './openpgp-profile.ts'
import { Refused, type RefusedCode } from './refused.ts'
import { fileSlot, type Piece, sealFile } from './seal-file.ts'
import { newMailKey, newSecretKey, type SecretKey, unsealFile } from './unseal.ts'

const MIB = 1024 * 1024
const NONCE = 'ab'.repeat(32)

let key: SecretKey
let reader: Certificate
before(async () => {
  key = await newSecretKey()
  reader = await readCertificate(key.cert)
})

const refused = (code: RefusedCode) => (error: unknown) =>
  error instanceof Refused && error.code === code

/** Bytes that differ from piece to piece. */
function contentOf(size: number): Bytes {
  const content = new Uint8Array(size)
  for (let at = 0; at < size; at++) content[at] = (at * 31 + (at >> 8) * 7 + (at >> 20)) & 255
  return content
}

async function* chunked(content: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += size)
    yield await Promise.resolve(content.subarray(at, at + size))
}

async function sealed(content: Bytes, readers = [reader], chunk = 65_536) {
  const pieces: Piece[] = []
  const source = chunked(content, chunk)
  for await (const piece of sealFile(source, content.length, NONCE, readers)) pieces.push(piece)
  const entry: FileEntry = {
    blob: blobHashOfPieces(pieces.map((piece) => piece.sha256)),
    nonce: NONCE,
    name: 'large.bin',
    type: '',
    size: content.length,
    sha256: hexOfBytes(sha256(content)),
  }
  return { entry, pieces: pieces.map((piece) => piece.bytes) }
}

async function* oneByOne(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield await Promise.resolve(piece)
}

async function opened(pieces: readonly Uint8Array[], entry: FileEntry, own = key, recipients = 1) {
  const parts: Uint8Array[] = []
  for await (const part of unsealFile(oneByOne(pieces), entry, own, recipients)) parts.push(part)
  return concatBytes(...parts)
}

test('files of sizes around every border come back', async () => {
  const sizes = [0, 1, 39, 40, 41, 471, 472, 473, 65_536, MIB - 41, MIB - 40, MIB - 1, MIB, MIB + 1]
  for (const size of sizes) {
    const content = contentOf(size)
    const { entry, pieces } = await sealed(content)
    assert.deepEqual(await opened(pieces, entry), content, String(size))
    assert.equal(blobHash(concatBytes(...pieces)), entry.blob)
    assert.ok(pieces.every((piece, n) => piece.length === MIB || n === pieces.length - 1))
  }
})

test('a file comes back however it is cut while it is sealed and while it is opened', async () => {
  const content = contentOf(9_000)
  const sizes = fc.integer({ min: 1, max: 3000 })
  await fc.assert(
    fc.asyncProperty(sizes, sizes, async (sealing, opening) => {
      const { entry, pieces } = await sealed(content, [reader], sealing)
      const whole = concatBytes(...pieces)
      const parts: Uint8Array[] = []
      for await (const part of chunked(whole, opening)) parts.push(part)
      assert.deepEqual(await opened(parts, entry), content)
    }),
    { numRuns: 20 },
  )
})

test('five MiB: pieces swapped, cut, repeated or exchanged are refused', async () => {
  const content = contentOf(5 * MIB)
  const { entry, pieces } = await sealed(content)
  assert.deepEqual(await opened(pieces, entry), content)
  const other = await sealed(content)
  const [first, second, third, ...rest] = pieces
  if (first === undefined || second === undefined || third === undefined) return
  const bent: Record<string, readonly Uint8Array[]> = {
    'two swapped': [first, third, second, ...rest],
    'one left out': [first, third, ...rest],
    'one twice': [first, second, second, third, ...rest],
    'the last left out': pieces.slice(0, -1),
    'the last cut by a byte': [...pieces.slice(0, -1), (pieces.at(-1) ?? first).slice(0, -1)],
    'a byte more': [...pieces, Uint8Array.of(0)],
    'a piece of the same file sealed again': [first, other.pieces[1] ?? first, third, ...rest],
    'all of it twice': [...pieces, ...pieces],
    'the end of another': [...pieces.slice(0, -1), other.pieces.at(-1) ?? first],
    nothing: [],
    'the first alone': [first],
  }
  for (const [name, made] of Object.entries(bent))
    await assert.rejects(opened(made, entry), Refused, name)
})

test('one bit of any byte changed: refused', async () => {
  const { entry, pieces } = await sealed(contentOf(700))
  const whole = concatBytes(...pieces)
  for (let at = 0; at < whole.length; at += at < 160 ? 1 : 5) {
    const bent = whole.slice()
    bent[at] = (bent[at] ?? 0) ^ (1 << (at % 8))
    await assert.rejects(opened([bent], entry), Refused, `byte ${at}`)
  }
})

test('what the message says of a file is checked: nonce, size, content', async () => {
  const { entry, pieces } = await sealed(contentOf(700))
  const not = (code: RefusedCode, over: Partial<FileEntry>) =>
    assert.rejects(opened(pieces, { ...entry, ...over }), refused(code))
  await not('slot', { nonce: 'cd'.repeat(32) })
  await not('file', { size: 699 })
  await not('file', { size: 701 })
  await not('file', { size: 0 })
  await not('file', { sha256: 'ab'.repeat(32) })
})

test('a file of a report has two readers; one more or less is refused', async () => {
  const reporter = await newSecretKey()
  const content = contentOf(100)
  const both = await sealed(content, [reader, await readCertificate(reporter.cert)])
  assert.deepEqual(await opened(both.pieces, both.entry, reporter, 2), content)
  await assert.rejects(opened(both.pieces, both.entry, key, 1), refused('grammar'))
  const one = await sealed(content)
  await assert.rejects(opened(one.pieces, one.entry, key, 2), refused('grammar'))
  await assert.rejects(opened(one.pieces, one.entry, reporter, 1), refused('decrypt'))
})

test('a file that goes on behind its padding is not read to its end', async () => {
  const said = contentOf(100)
  const binary = concatBytes(frameHead(fileSlot(NONCE), said.length), said, new Uint8Array(8 * MIB))
  const blob: unknown = await encrypt({
    message: await createMessage({ binary, filename: '', date: new Date(0) }),
    encryptionKeys: [reader.key],
    date: AT_ANY_TIME,
    format: 'binary',
    config: PROFILE_V6,
  })
  assert.ok(blob instanceof Uint8Array)
  const bytes = new Uint8Array(blob)
  const { entry } = await sealed(said)
  let pulled = 0
  async function* pieces() {
    for await (const piece of chunked(bytes, MIB)) {
      pulled += 1
      yield piece
    }
  }
  const read = async () => {
    for await (const _ of unsealFile(pieces(), entry, key, 1)) continue
  }
  await assert.rejects(read, refused('frame'))
  assert.ok(pulled <= 2, `${pulled} pieces of nine were read`)
})

test('a file that changes its size while it is read is not sealed', async () => {
  const content = contentOf(1000)
  for (const size of [999, 1001]) {
    const drain = async () => {
      for await (const _ of sealFile(chunked(content, 100), size, NONCE, [reader]));
    }
    await assert.rejects(drain(), /changed its size/)
  }
})

test('whoever stops listening stops the source', { timeout: 10_000 }, async () => {
  const closed = Promise.withResolvers<void>()
  async function* endless() {
    try {
      for (;;) yield await Promise.resolve(new Uint8Array(65_536))
    } finally {
      closed.resolve()
    }
  }
  for await (const _ of sealFile(endless(), 2 ** 30, NONCE, [reader])) break
  await closed.promise
})

test('a file is sealed to version 6 alone', async () => {
  const mail = await readCertificate((await newMailKey()).cert)
  await assert.rejects(sealed(contentOf(1), [mail]), refused('cert'))
})

test('readers of both kinds of keys are not sealed to together', async () => {
  const mail = await readCertificate((await newMailKey()).cert)
  const drain = async () => {
    for await (const _ of sealFile(chunked(contentOf(1), 1), 1, NONCE, [reader, mail]));
  }
  await assert.rejects(drain(), refused('cert'))
})
