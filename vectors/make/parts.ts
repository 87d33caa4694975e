import {
  createMessage,
  encrypt,
  encryptSessionKey,
  enums,
  generateSessionKey,
  type LiteralDataPacket,
  Message,
  PacketList,
  readKey,
  readPrivateKey,
  type SessionKey,
} from 'openpgp'
import { type Bytes, bytesOfBase64, concatBytes } from '#lexicon'
import { PROFILE_V6 } from '#seal'

/*
 * Sealed messages made with the library's own parts: sound ones, and each with one thing wrong.
 * Nothing here is used by the product.
 */

export type Profile = typeof PROFILE_V6

/** The library's defaults with compression, for what the strict profiles would not write. */
const COMPRESSING: Profile = {
  ...PROFILE_V6,
  preferredCompressionAlgorithm: enums.compression.zlib,
}

export const OTHER_PROFILES = {
  ocb: { ...PROFILE_V6, preferredAEADAlgorithm: enums.aead.ocb },
  largeChunks: { ...PROFILE_V6, aeadChunkSizeByte: 13 },
  compressing: COMPRESSING,
} as const satisfies Record<string, Profile>

/** A message of the ordinary kind, with options of the library changed. */
export async function encrypted(
  content: Bytes,
  certs: readonly string[],
  over: {
    readonly profile?: Profile
    readonly filename?: string
    readonly date?: Date
    readonly text?: string
    readonly passwords?: readonly string[]
    readonly signer?: Bytes
    readonly wildcard?: boolean
  } = {},
): Promise<Bytes> {
  const { profile = PROFILE_V6, filename = '', date = new Date(0), text, passwords, signer } = over
  const message =
    text === undefined
      ? await createMessage({ binary: content, filename, date })
      : await createMessage({ text, filename, date })
  const signingKeys =
    signer === undefined ? [] : [await readPrivateKey({ binaryKey: signer, config: profile })]
  const sealed: unknown = await encrypt({
    message,
    encryptionKeys: await keysOf(certs),
    signingKeys,
    passwords: [...(passwords ?? [])],
    wildcard: over.wildcard ?? false,
    format: 'binary',
    config: profile,
  })
  return bytesOf(sealed)
}

/** What stands inside: literal packets and stray ones, in this order. */
export type Part = { readonly literal: Bytes } | { readonly raw: Bytes }

/** A message of these inner packets, encrypted as one. */
export async function encryptedParts(
  parts: readonly Part[],
  certs: readonly string[],
  as: 'sound' | 'aes-128' | 'version-1' = 'sound',
): Promise<Bytes> {
  const profile = PROFILE_V6
  const encryptionKeys = await keysOf(certs)
  const drawn = await generateSessionKey({ encryptionKeys, config: profile })
  const sessionKey: SessionKey = {
    sound: drawn,
    'aes-128': { ...drawn, algorithm: 'aes128' as const, data: drawn.data.slice(0, 16) },
    // Without an AEAD algorithm the library writes SEIPD v1, and version 3 key packets.
    'version-1': { data: drawn.data, algorithm: 'aes256' as const },
  }[as]
  const inner = concatBytes(
    ...parts.map((part) => ('raw' in part ? part.raw : literalOf(part.literal))),
  )
  const data: unknown = await encrypt({
    message: new Message(listOf(inner)),
    sessionKey,
    format: 'binary',
    config: profile,
  })
  const keys = await encryptSessionKey({
    ...sessionKey,
    encryptionKeys,
    format: 'binary',
    config: profile,
  })
  return concatBytes(bytesOf(keys), bytesOf(data))
}

/** A literal packet: binary, no name, date 0 (RFC 9580 5.9). */
export function literalOf(content: Bytes): Bytes {
  return packetOf(
    enums.packet.literalData,
    concatBytes(Uint8Array.of(0x62, 0, 0, 0, 0, 0), content),
  )
}

/** A packet in the new format with a five-octet length (RFC 9580 4.2.1). */
export function packetOf(tag: number, body: Bytes): Bytes {
  const length = new Uint8Array(4)
  new DataView(length.buffer).setUint32(0, body.length)
  return concatBytes(Uint8Array.of(0xc0 | tag, 255), length, body)
}

export const MARKER = packetOf(enums.packet.marker, Uint8Array.of(0x50, 0x47, 0x50))
/** Tag 21 of RFC 9580 5.14. */
export const PADDING = packetOf(21, new Uint8Array(16).fill(7))
/** A private tag (RFC 9580 5): the library passes over it in silence. */
export const PRIVATE = packetOf(60, Uint8Array.of(1, 2, 3))

/** A list whose writing gives these bytes: so that anything can be put inside. */
function listOf(inner: Bytes): PacketList<LiteralDataPacket> {
  const list = new PacketList<LiteralDataPacket>()
  Object.defineProperty(list, 'write', { value: () => inner })
  return list
}

async function keysOf(certs: readonly string[]) {
  return Promise.all(
    certs.map((cert) => readKey({ binaryKey: bytesOfBase64(cert), config: PROFILE_V6 })),
  )
}

function bytesOf(sealed: unknown): Bytes {
  if (!(sealed instanceof Uint8Array)) throw new TypeError('The library gave no bytes.')
  return new Uint8Array(sealed)
}
