import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { createMessage, decrypt, encrypt, readMessage } from 'openpgp'
import { type Bytes, concatBytes } from '#lexicon'
import { readCertificate } from './certificate.ts'
import { openPackets, type ReadingKey, readingKeyOf } from './unseal-packet.ts'
import { AT_ANY_TIME, PROFILE_V6 } from './openpgp-profile.ts'
import { Refused, type RefusedCode } from './refused.ts'
import { chunksOf } from './seal-file.ts'
import { newMailKey, newSecretKey, type SecretKey } from './secret-keys.ts'

/* The library writes, and the library is the judge: what opens is what it opens, byte for byte. */

let mine: SecretKey
let other: SecretKey
let key: ReadingKey
before(async () => {
  ;[mine, other] = [await newSecretKey(), await newSecretKey()]
  key = await readingKeyOf(mine.key)
})

async function whole(blob: Uint8Array): Promise<Bytes> {
  const parts: Bytes[] = []
  for await (const part of openPackets(cut(blob, []), key)) parts.push(part)
  return concatBytes(...parts)
}

async function* cut(blob: Uint8Array, sizes: readonly number[]): AsyncGenerator<Bytes> {
  let at = 0
  for (const size of sizes) {
    yield new Uint8Array(blob.subarray(at, at + size))
    at += size
    await Promise.resolve()
  }
  yield new Uint8Array(blob.subarray(at))
}

/** As the library writes it: with chunks of this size, to these keys; from a stream in partial lengths, inside too. */
async function written(
  content: Bytes,
  options: { octet?: number; to?: readonly SecretKey[]; streamed?: boolean } = {},
): Promise<Bytes> {
  const { octet = 12, to = [mine], streamed = false } = options
  const keys = await Promise.all(to.map(({ cert }) => readCertificate(cert)))
  const given = streamed ? new Blob([content]).stream() : content
  const binary = given as Uint8Array
  const blob: unknown = await encrypt({
    message: await createMessage({ binary, filename: '', date: new Date(0) }),
    encryptionKeys: keys.map((each) => each.key),
    date: AT_ANY_TIME,
    format: 'binary',
    config: { ...PROFILE_V6, aeadChunkSizeByte: octet },
  })
  const parts: Uint8Array[] = []
  for await (const part of chunksOf(blob)) parts.push(part)
  return concatBytes(...parts)
}

/** What the library makes of it, or `undefined`. */
async function judged(blob: Bytes): Promise<Uint8Array | undefined> {
  try {
    const message = await readMessage({ binaryMessage: blob, config: PROFILE_V6 })
    const done = await decrypt({
      message,
      decryptionKeys: [mine.key],
      format: 'binary',
      config: PROFILE_V6,
    })
    return done.data instanceof Uint8Array ? done.data : undefined
  } catch {
    return undefined
  }
}

const isRefused =
  (...codes: readonly RefusedCode[]) =>
  (error: unknown) =>
    error instanceof Refused && codes.includes(error.code)

const contentOf = (size: number): Bytes =>
  Uint8Array.from({ length: size }, (_, at) => (at * 31 + (at >> 8)) & 255)

test('every size of a chunk opens, around its borders, from bytes and from a stream', async () => {
  for (const octet of [0, 1, 5, 12]) {
    const chunk = 2 ** (octet + 6)
    // The head of the literal packet stands in the first chunk.
    for (const size of [1, chunk - 9, chunk - 8, chunk - 7, 2 * chunk, 3 * chunk + 1])
      for (const streamed of [false, true]) {
        const content = contentOf(Math.max(1, size))
        const blob = await written(content, { octet, streamed })
        assert.deepEqual(await whole(blob), content, `${octet} ${size} ${streamed}`)
      }
  }
})

test('however it is cut on its way, the same bytes come', async () => {
  const content = contentOf(5000)
  const blob = await written(content, { octet: 2, streamed: true })
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(700), { maxLength: 30 }), async (sizes) => {
      const parts: Bytes[] = []
      for await (const part of openPackets(cut(blob, sizes), key)) parts.push(part)
      assert.deepEqual(concatBytes(...parts), content)
    }),
    { numRuns: 50 },
  )
})

test('its own key packet is found among others, and without one nothing opens', async () => {
  const content = contentOf(99)
  assert.deepEqual(await whole(await written(content, { to: [other, mine] })), content)
  await assert.rejects(whole(await written(content, { to: [other] })), isRefused('decrypt'))
})

test('every byte flipped and every length cut is refused; what is not opened, the library does not open', async () => {
  const blob = await written(contentOf(300), { octet: 1 })
  for (let at = 0; at < blob.length; at++) {
    const flipped = blob.map((byte, n) => (n === at ? byte ^ (1 << (at % 8)) : byte))
    await assert.rejects(whole(flipped), isRefused('grammar', 'decrypt'), `byte ${at}`)
    await assert.rejects(whole(blob.slice(0, at)), isRefused('grammar', 'decrypt'), `cut ${at}`)
  }
  await assert.rejects(whole(concatBytes(blob, Uint8Array.of(0))), isRefused('grammar'))
  await assert.rejects(whole(concatBytes(blob, blob)), isRefused('grammar'))
})

test('whatever bytes are changed, nothing opens that the library does not open alike', async () => {
  const blob = await written(contentOf(200), { octet: 0, to: [mine, other] })
  const change = fc.record({ at: fc.nat(blob.length - 1), to: fc.nat(255), remove: fc.nat(2) })
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
      const bytes = [...blob]
      for (const { at, to, remove } of changes) bytes.splice(at, remove, to)
      const spoiled = Uint8Array.from(bytes)
      const opened = await whole(spoiled).catch(() => undefined)
      if (opened !== undefined) assert.deepEqual(opened, await judged(spoiled))
    }),
    { numRuns: 300 },
  )
})

test('what does not decrypt is refused in the same words, whatever it was', async () => {
  const blob = await written(contentOf(100))
  const said = new Set<string>()
  // A byte of the ephemeral key, of the wrapped key, of the salt, of the chunk, of the last tag.
  for (const at of [45, 75, 122, 160, blob.length - 1]) {
    const flipped = blob.map((byte, n) => (n === at ? byte ^ 1 : byte))
    await whole(flipped).catch(({ code, message }: { code: string; message: string }) =>
      said.add(`${code} ${message}`),
    )
  }
  assert.deepEqual([...said], ['decrypt This does not open with this key.'])
})

test('a point of small order as the ephemeral key is refused', async () => {
  const blob = await written(contentOf(100))
  const EPHEMERAL = 2 + 36
  for (const low of [0, 1]) {
    const point = new Uint8Array(32)
    point[0] = low
    const forged = blob.slice()
    forged.set(point, EPHEMERAL)
    await assert.rejects(whole(forged), isRefused('decrypt'))
  }
})

test('a key of another kind is no reading key', async () => {
  const { key: mail } = await newMailKey()
  await assert.rejects(readingKeyOf(mail), isRefused('decrypt'))
})
