import { encryptSessionKey } from 'openpgp'
import { type Bytes, bytesOfHex, LIMITS } from '#lexicon'
import { type Certificate, profileFor } from './certificate.ts'
import { frameHead, frameSize } from './frame.ts'
import { sha256ByEngine, taggedHash } from './hash.ts'
import { AT_ANY_TIME, PROFILE_V6 } from './openpgp-profile.ts'
import { demand } from './refused.ts'
import { writeSealedPacket } from './sealed-packet.ts'

const CHUNK = 256 * 1024

/** One piece of a sealed file, in order. */
export type Piece = { readonly n: number; readonly bytes: Bytes; readonly sha256: Bytes }

/** The slot of an attachment comes from its nonce: the file is sealed before its statement is made. */
export function fileSlot(nonce: string): Bytes {
  return taggedHash('file', bytesOfHex(nonce))
}

/**
 * Seals a file as a stream and cuts it into pieces of 1 MiB. Memory does not grow with the file.
 * `size` is the number of bytes that `source` will give; a RangeError when it gives another number.
 */
export async function* sealFile(
  source: AsyncIterable<Uint8Array>,
  size: number,
  nonce: string,
  readers: readonly Certificate[],
): AsyncGenerator<Piece> {
  yield* cutPieces(sealStream(source, size, fileSlot(nonce), readers))
}

/** The sealed blob of what a stream gives, in a frame for this slot. Throws as `sealFile` does. */
export async function* sealStream(
  source: AsyncIterable<Uint8Array>,
  size: number,
  slot: Bytes,
  readers: readonly Certificate[],
): AsyncGenerator<Bytes> {
  const sessionKey = crypto.getRandomValues(new Uint8Array(32))
  yield await sealSessionKey(sessionKey, readers)
  yield* writeSealedPacket(sessionKey, framed(source, size, slot), frameSize(size))
}

/** Key packets of version 6, one per reader. Throws `Refused` cert: files are sealed to version 6 only. */
async function sealSessionKey(data: Bytes, readers: readonly Certificate[]): Promise<Bytes> {
  const config = profileFor(readers)
  demand(config === PROFILE_V6, 'cert', 'A file is sealed to version 6 certificates.')
  const packets: unknown = await encryptSessionKey({
    data,
    algorithm: 'aes256',
    aeadAlgorithm: 'gcm',
    encryptionKeys: readers.map((reader) => reader.key),
    date: AT_ANY_TIME,
    format: 'binary',
    config,
  })
  if (!(packets instanceof Uint8Array)) throw new TypeError('a binary format gives bytes')
  return new Uint8Array(packets)
}

/** Cuts a byte stream into pieces of exactly 1 MiB, the last one shorter. Each is hashed while the next one fills. */
async function* cutPieces(source: AsyncIterable<Uint8Array>): AsyncGenerator<Piece> {
  const hashed = async (n: number, bytes: Bytes) => ({
    n,
    bytes,
    sha256: await sha256ByEngine(bytes),
  })
  let before: Promise<Piece> | undefined
  let piece = new Uint8Array(LIMITS.piece)
  let filled = 0
  let n = 0
  for await (let chunk of source) {
    while (chunk.length > 0) {
      const taken = chunk.subarray(0, LIMITS.piece - filled)
      piece.set(taken, filled)
      filled += taken.length
      chunk = chunk.subarray(taken.length)
      if (filled < LIMITS.piece) continue
      const whole = hashed(n++, piece)
      if (before !== undefined) yield await before
      before = whole
      piece = new Uint8Array(LIMITS.piece)
      filled = 0
    }
  }
  const rest = piece.slice(0, filled)
  if (before !== undefined) yield await before
  if (filled > 0) yield await hashed(n, rest)
}

/**
 * The chunks of what openpgp returns: a stream for a stream, bytes for small input. Its declarations of
 * streams lean on a package that it does not ship, so the kind is looked at here.
 */
export async function* chunksOf(data: unknown): AsyncGenerator<Uint8Array> {
  if (data instanceof Uint8Array) {
    yield data
    return
  }
  if (!(data instanceof ReadableStream)) throw new TypeError('neither bytes nor a stream of bytes')
  const reader: ReadableStreamDefaultReader<unknown> = data.getReader()
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      if (!(next.value instanceof Uint8Array)) throw new TypeError('not a stream of bytes')
      yield next.value
    }
  } finally {
    // Whoever stops listening stops the work behind the stream too.
    await reader.cancel()
  }
}

export function streamOf(source: AsyncIterator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next = await source.next()
        if (next.done === true) controller.close()
        else controller.enqueue(next.value)
      },
      async cancel() {
        await source.return?.()
      },
    },
    { highWaterMark: 1 },
  )
}

async function* framed(
  source: AsyncIterable<Uint8Array>,
  size: number,
  slot: Bytes,
): AsyncGenerator<Uint8Array> {
  const head = frameHead(slot, size)
  yield head
  let given = 0
  for await (const chunk of source) {
    given += chunk.length
    if (given > size) break
    yield chunk
  }
  if (given !== size) throw new RangeError('The file changed its size while it was read.')
  for (let left = frameSize(size) - head.length - size; left > 0; left -= CHUNK)
    yield new Uint8Array(Math.min(left, CHUNK))
}
