import { type Bytes, hexOfBytes } from '#lexicon'
import { demand, Refused } from './refused.ts'

declare const sealed: unique symbol
declare const opened: unique symbol

/** What can be sealed. */
export type SealedKind = 'body' | 'wrap' | 'file' | 'label' | 'invitation'

/** Ciphertext of our grammar. Made by sealing, or by `readSealed` from bytes that somebody sent. */
export type Sealed<K extends SealedKind> = Bytes & { readonly [sealed]: K }

/** Content that passed every check on the way out. Made only behind the door #unseal. */
export type Opened<T> = T & { readonly [opened]: true }

const PKESK = 1
const SEIPD = 18
const FINGERPRINT_V6 = 32
const AES_256 = 9
const GCM = 3
const LARGEST_CHUNK_OCTET = 12

/** What stands at the front of a sealed blob (RFC 9580 5.1, 5.13). */
export type SealedFront = {
  /** Bytes of the key packets: they go to the key store, what follows to the blob store. */
  readonly keyPackets: number
  /** 6 for SEIPD v2, 4 for SEIPD v1 at the edge of mail. */
  readonly version: 4 | 6
  readonly recipients: number
  /** Full v6 fingerprints in hex, one per key packet; empty for version 4. */
  readonly fingerprints: readonly string[]
  /** Where the encrypted packet begins to be data. */
  readonly data: number
}

/**
 * Reads the front of a sealed blob: key packets of one version, then one encrypted packet. A marker,
 * password packet, signature, compression or plain literal is refused (N32): so the server takes no
 * plaintext by mistake. Throws `Refused` grammar.
 */
export function readSealedFront(bytes: Bytes): SealedFront {
  const fingerprints: string[] = []
  const versions = new Set<number>()
  let at = 0
  for (;;) {
    const packet = readPacketHead(bytes, at)
    if (packet.tag === PKESK) {
      const version = byteAt(bytes, packet.body)
      const end = packet.body + (packet.length ?? Infinity)
      demand(end <= bytes.length, 'grammar', 'A key packet is cut off.')
      versions.add(version)
      if (version === 6) fingerprints.push(fingerprintOf(bytes, packet.body))
      else demand(version === 3, 'grammar', 'A key packet has an unknown version.')
      at = end
      continue
    }
    demand(packet.tag === SEIPD, 'grammar', 'This is not a sealed message.')
    const version = versions.has(6) ? 6 : 4
    demand(versions.size === 1, 'grammar', 'A sealed message has key packets of one version.')
    demandData(bytes, packet.body, version)
    return {
      keyPackets: at,
      version,
      recipients: version === 6 ? fingerprints.length : countPackets(bytes, at),
      fingerprints,
      data: at,
    }
  }
}

/** A whole blob, with nothing behind its encrypted packet. Throws `Refused` grammar. */
export function readSealed<K extends SealedKind>(bytes: Bytes, recipients: number): Sealed<K> {
  const front = readSealedFront(bytes)
  demand(
    endOfPacket(bytes, front.data) === bytes.length,
    'grammar',
    'Something stands behind the sealed packet.',
  )
  const named = front.recipients === recipients
  demand(named, 'grammar', 'This is sealed to another number of readers than its head names.')
  return bytes as Sealed<K>
}

/** For the sealing side only: these bytes were just encrypted. */
export function asSealed<K extends SealedKind>(bytes: Bytes): Sealed<K> {
  return bytes as Sealed<K>
}

function fingerprintOf(bytes: Bytes, body: number): string {
  const octets = byteAt(bytes, body + 1)
  const full = octets === FINGERPRINT_V6 + 1 && byteAt(bytes, body + 2) === 6
  demand(full, 'grammar', 'A key packet must name its reader in full.')
  return hexOfBytes(bytes.subarray(body + 3, body + 3 + FINGERPRINT_V6))
}

function demandData(bytes: Bytes, body: number, version: 4 | 6): void {
  if (version === 4) {
    demand(byteAt(bytes, body) === 1, 'grammar', 'The encrypted packet has another version.')
    return
  }
  const sound =
    byteAt(bytes, body) === 2 &&
    byteAt(bytes, body + 1) === AES_256 &&
    byteAt(bytes, body + 2) === GCM &&
    byteAt(bytes, body + 3) <= LARGEST_CHUNK_OCTET
  demand(sound, 'grammar', 'The encrypted packet is not AES-256-GCM of version 2.')
}

/** Follows partial lengths (RFC 9580 4.2.1.4) to the end; openpgp writes data packets so. */
function endOfPacket(bytes: Bytes, at: number): number {
  let next = at + 1
  for (;;) {
    const one = byteAt(bytes, next)
    if (one < 224 || one === 255) {
      const { body, length } = readPacketHead(bytes, next - 1, SEIPD)
      return body + (length ?? Infinity)
    }
    next += 1 + 2 ** (one & 0x1f)
  }
}

function countPackets(bytes: Bytes, end: number): number {
  let count = 0
  for (let at = 0; at < end; count++) {
    const packet = readPacketHead(bytes, at)
    at = packet.body + (packet.length ?? Infinity)
  }
  return count
}

type PacketHead = {
  readonly tag: number
  /** Where its content begins. */
  readonly body: number
  /** `undefined` for a partial length (RFC 9580 4.2.1.4), which only the encrypted packet of a file may have. */
  readonly length: number | undefined
}

/** New packet format only (RFC 9580 4.2.1). `within` names the packet whose next part begins here. */
function readPacketHead(bytes: Bytes, at: number, within?: number): PacketHead {
  const tag = within ?? tagAt(bytes, at)
  const one = byteAt(bytes, at + 1)
  if (one < 192) return { tag, body: at + 2, length: one }
  if (one < 224)
    return { tag, body: at + 3, length: ((one - 192) << 8) + byteAt(bytes, at + 2) + 192 }
  if (one === 255) {
    demand(at + 6 <= bytes.length, 'grammar', 'A packet is cut off.')
    const length = new DataView(bytes.buffer, bytes.byteOffset + at + 2, 4).getUint32(0)
    return { tag, body: at + 6, length }
  }
  demand(tag === SEIPD, 'grammar', 'Only encrypted data may come in parts.')
  return { tag, body: at + 2, length: undefined }
}

function tagAt(bytes: Bytes, at: number): number {
  const first = byteAt(bytes, at)
  demand((first & 0xc0) === 0xc0, 'grammar', 'This is not an OpenPGP message of our kind.')
  return first & 0x3f
}

function byteAt(bytes: Bytes, at: number): number {
  const byte = bytes[at]
  if (byte === undefined) throw new Refused('grammar', 'This sealed message is cut off.')
  return byte
}
