import { type Bytes, concatBytes } from '#lexicon'
import { aboutAll, messageKey } from './message-key.ts'

/*
 * The encrypted packet of a sealed file: SEIPD version 2, AES-256-GCM, around one literal packet (RFC 9580
 * 5.13.2, 5.9). Files are sealed while they are read, and their size is known before: so each byte is
 * copied once or twice where a writer that knows no size copies it five times. The library writes the key packets.
 * What this file writes is read by code that is not ours in its tests.
 */

const TAG_SEIPD = 0xc0 | 18
const TAG_LITERAL = 0xc0 | 11
const VERSION = 2
const AES_256 = 9
const GCM = 3
/** 2^(12 + 6) bytes in a chunk: the largest that the grammar takes. */
const CHUNK_OCTET = 12
const CHUNK = 2 ** (CHUNK_OCTET + 6)
const SALT = 32
const GCM_TAG = 16

/** Begins both the derivation and every chunk's authenticated data. */
const ABOUT = Uint8Array.of(TAG_SEIPD, VERSION, AES_256, GCM, CHUNK_OCTET)

/** Binary, no name, date 0: nothing is said of the file outside of the sealed body. */
const LITERAL_HEAD = Uint8Array.of(0x62, 0, 0, 0, 0, 0)

/** How many bytes the packet around a content of `size` bytes has. */
export function sealedPacketSize(size: number): number {
  return PACKET_HEAD + lengthAround(PACKET_HEAD + LITERAL_HEAD.length + size)
}

/**
 * Encrypts exactly `size` bytes of `content` under a fresh session key of 32 bytes. Yields the packet in
 * parts. Whoever gives another number of bytes has to throw before the end.
 */
export async function* writeSealedPacket(
  sessionKey: Bytes,
  content: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<Bytes> {
  const salt = crypto.getRandomValues(new Uint8Array(SALT))
  const { key, algorithm } = await messageKey(sessionKey, salt, ABOUT, 'encrypt')
  const literal = concatBytes(packetHead(TAG_LITERAL, LITERAL_HEAD.length + size), LITERAL_HEAD)
  const plain = literal.length + size
  yield concatBytes(packetHead(TAG_SEIPD, lengthAround(plain)), ABOUT.subarray(1), salt)

  const seal = async (n: number, part: Bytes, about: Bytes): Promise<Bytes> =>
    new Uint8Array(await crypto.subtle.encrypt(algorithm(n, about), key, part))
  let n = 0
  for await (const part of inChunks(literal, content, plain)) yield seal(n++, part, ABOUT)
  yield seal(n, new Uint8Array(0), aboutAll(ABOUT, plain))
}

/**
 * All of `first` and `rest`, in parts of exactly one chunk, the last one shorter. Room for what comes and no
 * more: a mail of 5 kB that took a chunk of memory made its server collect garbage most of the time.
 */
async function* inChunks(
  first: Bytes,
  rest: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<Bytes> {
  let part = new Uint8Array(Math.min(CHUNK, size))
  part.set(first)
  let filled = first.length
  for await (let bytes of rest)
    while (bytes.length > 0) {
      const { buffer, byteOffset } = bytes
      if (filled === 0 && bytes.length >= CHUNK && buffer instanceof ArrayBuffer) {
        // Encrypted before the source is asked for more, so it may use its memory again.
        yield new Uint8Array(buffer, byteOffset, CHUNK)
        bytes = bytes.subarray(CHUNK)
        continue
      }
      if (part.length < CHUNK && filled + bytes.length > part.length) part = widened(part)
      const taken = bytes.subarray(0, CHUNK - filled)
      part.set(taken, filled)
      filled += taken.length
      bytes = bytes.subarray(taken.length)
      if (filled < CHUNK) continue
      yield part
      part = new Uint8Array(CHUNK)
      filled = 0
    }
  if (filled > 0) yield part.subarray(0, filled)
}

/** More came than was said: whoever gives it throws in the end, and until then it is a file like others. */
function widened(part: Bytes): Bytes {
  const whole = new Uint8Array(CHUNK)
  whole.set(part)
  return whole
}

/** Of what stands behind the head of the packet, around `plain` bytes: a tag for each chunk, and one for all. */
function lengthAround(plain: number): number {
  const chunks = Math.ceil(plain / CHUNK)
  return ABOUT.length - 1 + SALT + plain + GCM_TAG * (chunks + 1)
}

/** The tag, and a length of five octets (RFC 9580 4.2.1.3). */
const PACKET_HEAD = 6

function packetHead(tag: number, length: number): Bytes {
  const head = new Uint8Array(PACKET_HEAD)
  head.set([tag, 255])
  new DataView(head.buffer).setUint32(2, length)
  return head
}
