import type { PrivateKey } from 'openpgp'
import { type Bytes, bytesOfHex, bytesOfText, concatBytes, sameBytes } from '#lexicon'
import { byteSource, type ByteSource, nextPacket, type Packet } from './byte-source.ts'
import { isZero } from './frame.ts'
import { aboutAll, type EngineKey, type MessageKey, messageKey } from './message-key.ts'
import { demand, Refused } from './refused.ts'

/*
 * The reader of the one form that is sealed inside the desk: key packets of version 6 for X25519, one
 * encrypted packet of version 2 with AES-256-GCM, one literal packet in it (RFC 9580 5.1.2, 5.13.2, 5.9).
 * It has no choice of algorithm, and asks the engine for every operation that touches a secret. What is of
 * version 4 never comes here.
 */

/** What opens: one X25519 key, imported once. */
export type ReadingKey = {
  /** Of the subkey: 32 bytes. */
  readonly fingerprint: Bytes
  readonly publicKey: Bytes
  readonly secret: EngineKey
}

/** PKCS #8 header of an X25519 private key (RFC 8410); the key follows. */
const PKCS8 = bytesOfHex('302e020100300506032b656e04220420')
const X25519 = 25
const TAG_PKESK = 1
const TAG_LITERAL = 11
const TAG_SEIPD = 18

const readingKeys = new WeakMap<PrivateKey, Promise<ReadingKey>>()

/** Of a version 6 key of ours, which has one subkey. Kept for as long as the key itself. */
export function readingKeyOf(key: PrivateKey): Promise<ReadingKey> {
  const known = readingKeys.get(key)
  if (known !== undefined) return known
  const made = importReadingKey(key)
  readingKeys.set(key, made)
  return made
}

async function importReadingKey({ subkeys }: PrivateKey): Promise<ReadingKey> {
  const [subkey, ...others] = subkeys
  const packet: unknown = subkey?.keyPacket
  const parts = typeof packet === 'object' && packet !== null ? packet : {}
  const publicKey = partOf(parts, 'publicParams', 'A')
  const secret = partOf(parts, 'privateParams', 'k')
  const sound =
    others.length === 0 &&
    Reflect.get(parts, 'algorithm') === X25519 &&
    publicKey?.length === 32 &&
    secret?.length === 32
  if (subkey === undefined || !sound) throw new Refused('decrypt', OTHER_KEY)
  const pkcs8 = concatBytes(PKCS8, secret)
  return {
    fingerprint: bytesOfHex(subkey.getFingerprint()),
    publicKey: new Uint8Array(publicKey),
    secret: await crypto.subtle.importKey('pkcs8', pkcs8, 'X25519', false, ['deriveBits']),
  }
}

/** Fields that openpgp sets and its type declarations do not name. */
function partOf(packet: object, params: string, name: string): Uint8Array | undefined {
  const held: unknown = Reflect.get(packet, params)
  if (typeof held !== 'object' || held === null) return undefined
  const part: unknown = Reflect.get(held, name)
  return part instanceof Uint8Array ? part : undefined
}

const OTHER_KEY = 'This does not open with this key.'
/** Binary, no name, date 0 (PROTOCOL 2.1). */
const LITERAL_HEAD = Uint8Array.of(0x62, 0, 0, 0, 0, 0)

/**
 * Yields the content of the literal packet, each part after its chunk was authenticated; a later failure
 * throws, so nothing that was yielded counts before the end. Throws `Refused` grammar or decrypt; of what
 * does not decrypt, the same in every case.
 */
export async function* openPackets(
  packets: AsyncIterator<Bytes>,
  key: ReadingKey,
): AsyncGenerator<Bytes> {
  try {
    const plain = byteSource(decrypted(byteSource(packets), key))
    const literal = await nextPacket(plain, 'decrypt')
    demandInside(literal, TAG_LITERAL)
    const { content } = literal
    const head = await content.read(LITERAL_HEAD.length)
    demand(sameBytes(head, LITERAL_HEAD), 'grammar', NOT_ONE_PACKET)
    for (let part = await content.some(Infinity); part.length > 0;) {
      yield part
      part = await content.some(Infinity)
    }
    demandInside(await nextPacket(plain, 'decrypt'), undefined)
  } catch (cause) {
    if (cause instanceof Refused) throw cause
    throw new Refused('decrypt', OTHER_KEY, { cause })
  }
}

const NOT_ONE_PACKET = 'The sealed message holds something else than one plain packet.'

/**
 * A signature beside the content, or what no reader knows, is a message of another grammar. What else stands
 * there, or nothing at all, is no message of ours.
 */
function demandInside<T extends number | undefined>(
  packet: Packet | undefined,
  wanted: T,
): asserts packet is T extends number ? Packet : undefined {
  const tag = packet?.tag
  const foreign = tag !== undefined && (SIGNATURES.includes(tag) || tag >= FIRST_UNKNOWN)
  demand(tag === wanted, foreign ? 'grammar' : 'decrypt', NOT_ONE_PACKET)
}

const SIGNATURES: readonly number[] = [2, 4]
const FIRST_UNKNOWN = 40

const ABOUT = 4
const SALT = 32
const GCM_TAG = 16
const LARGEST_CHUNK_OCTET = 12

/** What is in the encrypted packet, chunk by chunk; at its end, that none was missing. */
async function* decrypted(source: ByteSource, key: ReadingKey): AsyncGenerator<Bytes> {
  const { secret, data } = await readFront(source, key)
  const front = await data.read(ABOUT + SALT)
  const [version, cipher, mode, octet = Infinity] = front
  const sound =
    front.length === ABOUT + SALT &&
    version === 2 &&
    cipher === 9 &&
    mode === 3 &&
    octet <= LARGEST_CHUNK_OCTET
  demand(sound, 'grammar', 'The encrypted packet is not AES-256-GCM of version 2.')
  const about = concatBytes(Uint8Array.of(0xc0 | TAG_SEIPD), front.subarray(0, ABOUT))
  const message = await messageKey(secret, front.slice(ABOUT), about, 'decrypt')

  const chunk = 2 ** (octet + 6) + GCM_TAG
  let all = 0
  let n = 0
  let held = await data.read(chunk + GCM_TAG)
  // The last 16 bytes belong to no chunk: one is whole where as many follow it.
  while (held.length === chunk + GCM_TAG) {
    const part = await openChunk(message, n++, about, held.subarray(0, chunk))
    all += part.length
    yield part
    held = concatBytes(held.subarray(chunk), await data.read(chunk))
  }
  const last = held.length - GCM_TAG
  // An empty chunk holds no message; behind others, the same content would have two forms.
  demand(last === 0 || last > GCM_TAG, 'decrypt', OTHER_KEY)
  const end = held.subarray(last)
  const length = all + Math.max(0, last - GCM_TAG)
  const [part] = await Promise.all([
    last === 0 ? undefined : openChunk(message, n++, about, held.subarray(0, last)),
    openChunk(message, n, aboutAll(about, length), end),
  ])
  if (part !== undefined) yield part
  const behind = await source.some(1)
  demand(behind.length === 0, 'grammar', 'Something stands behind the sealed packet.')
}

async function openChunk(
  { key, algorithm }: MessageKey,
  n: number,
  about: Bytes,
  chunk: Bytes,
): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.decrypt(algorithm(n, about), key, chunk))
}

/** What stands in a key packet of version 6 for X25519, whose lengths are all fixed (RFC 9580 5.1.2, 5.1.6). */
const KEY_PACKET = 109
const FINGERPRINT = { from: 3, to: 35 }
const EPHEMERAL = { from: 36, to: 68 }
const WRAPPED = { from: 69, to: 109 }

/** Key packets up to the encrypted one. The first that names this key in full gives the session key. */
async function readFront(source: ByteSource, key: ReadingKey) {
  let own: Bytes | undefined
  for (;;) {
    const packet = await nextPacket(source, 'grammar')
    if (packet === undefined) throw new Refused('grammar', 'This sealed message is cut off.')
    const { tag, content } = packet
    if (tag === TAG_SEIPD) {
      if (own === undefined) throw new Refused('decrypt', 'This is sealed to other keys.')
      return { secret: await sessionKey(own, key), data: content }
    }
    demand(tag === TAG_PKESK, 'grammar', 'This is not a sealed message.')
    const fields = await content.read(KEY_PACKET)
    const more = await content.some(1)
    const fixed = [fields[0], fields[1], fields[2], fields[35], fields[68]]
    const sound = fields.length === KEY_PACKET && more.length === 0
    demand(
      sound && sameBytes(Uint8Array.from(fixed, Number), KEY_PACKET_FIXED),
      'grammar',
      'A key packet is not of version 6 for X25519.',
    )
    const named = fields.subarray(FINGERPRINT.from, FINGERPRINT.to)
    if (own === undefined && sameBytes(named, key.fingerprint)) own = fields
  }
}

/** Version; octets of what names the reader; version of that; algorithm; octets of the wrapped key. */
const KEY_PACKET_FIXED = Uint8Array.of(6, 33, 6, X25519, 40)

async function sessionKey(packet: Bytes, { secret, publicKey }: ReadingKey): Promise<EngineKey> {
  const { subtle } = crypto
  const ephemeral = packet.slice(EPHEMERAL.from, EPHEMERAL.to)
  const other = await subtle.importKey('raw', ephemeral, 'X25519', false, [])
  const algorithm = { name: 'X25519', public: other }
  const shared = new Uint8Array(await subtle.deriveBits(algorithm, secret, 256))
  // A point of small order gives a secret that everybody knows (RFC 7748 6.1).
  demand(!isZero(shared), 'decrypt', OTHER_KEY)
  const inputs = concatBytes(ephemeral, publicKey, shared)
  const derivable = await subtle.importKey('raw', inputs, 'HKDF', false, ['deriveKey'])
  const wrap = await subtle.deriveKey(WRAP, derivable, AES_128_KW, false, ['unwrapKey'])
  const wrapped = packet.slice(WRAPPED.from, WRAPPED.to)
  return subtle.unwrapKey('raw', wrapped, wrap, 'AES-KW', 'HKDF', false, ['deriveBits'])
}

/** RFC 9580 5.1.6: without a salt. */
const WRAP = {
  name: 'HKDF',
  hash: 'SHA-256',
  salt: new Uint8Array(0),
  info: bytesOfText('OpenPGP X25519'),
}
const AES_128_KW = { name: 'AES-KW', length: 128 }
