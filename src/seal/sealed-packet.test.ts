import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decrypt, readMessage } from 'openpgp'
import { type Bytes, concatBytes } from '#lexicon'
import { PROFILE_V6 } from './openpgp-profile.ts'
import { writeSealedPacket } from './sealed-packet.ts'

const CHUNK = 256 * 1024
/** Head of the literal packet inside, which the first chunk holds too. */
const HEAD = 12
const KEY = new Uint8Array(32).fill(7)

function contentOf(size: number): Bytes {
  return Uint8Array.from({ length: size }, (_, at) => (at * 13 + (at >> 8)) & 255)
}

async function* cut(content: Bytes, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0
  for (const size of sizes) {
    yield await Promise.resolve(content.subarray(at, at + size))
    at += size
  }
  yield content.subarray(at)
}

async function written(content: Bytes, sizes: readonly number[] = []): Promise<Bytes> {
  const parts: Bytes[] = []
  for await (const part of writeSealedPacket(KEY, cut(content, sizes), content.length))
    parts.push(part)
  return concatBytes(...parts)
}

/** By the library, from the packet alone. */
async function opened(packet: Bytes): Promise<Uint8Array> {
  const message = await readMessage({ binaryMessage: packet, config: PROFILE_V6 })
  const sessionKeys = [{ data: KEY, algorithm: 'aes256' as const }]
  const done = await decrypt({ message, sessionKeys, format: 'binary', config: PROFILE_V6 })
  const data: unknown = done.data
  if (!(data instanceof Uint8Array)) throw new TypeError('a binary format gives bytes')
  return data
}

test('the library opens what this writes, at every border of a chunk', async () => {
  for (const size of [0, 1, CHUNK - HEAD - 1, CHUNK - HEAD, CHUNK - HEAD + 1, 3 * CHUNK - HEAD]) {
    const content = contentOf(size)
    assert.deepEqual(await opened(await written(content)), content, `${size} bytes`)
  }
})

test('however the source is cut, the same bytes come back', async () => {
  const content = contentOf(2 * CHUNK + 777)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(CHUNK + 100), { maxLength: 8 }), async (sizes) => {
      assert.deepEqual(await opened(await written(content, sizes)), content)
    }),
    { numRuns: 15 },
  )
})

test('no chunk, no tag and no byte of the head can be another', async () => {
  const packet = await written(contentOf(2 * CHUNK))
  const begin = 6 + 4 + 32
  const chunk = (n: number) =>
    packet.slice(begin + n * (CHUNK + 16), begin + (n + 1) * (CHUNK + 16))
  const rest = packet.slice(begin + 2 * (CHUNK + 16))
  const swapped = concatBytes(packet.slice(0, begin), chunk(1), chunk(0), rest)
  const spoiled = [
    swapped,
    ...[7, 9, 12, begin + 5, packet.length - 1].map((at) => flipped(packet, at)),
  ]
  for (const each of spoiled) await assert.rejects(opened(each))
})

test('the same file twice is two packets, under other keys', async () => {
  const [one, two] = [await written(contentOf(64)), await written(contentOf(64))]
  assert.notDeepEqual(one.slice(42), two.slice(42))
})

function flipped(bytes: Bytes, at: number): Bytes {
  return bytes.map((byte, n) => (n === at ? byte ^ 1 : byte))
}
