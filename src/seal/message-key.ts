import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { type Bytes, concatBytes } from '#lexicon'

/** The engine's own keys never leave it. */
export type EngineKey = InstanceType<typeof CryptoKey>

/** The first four bytes of a nonce are derived, the other eight count chunks. */
const NONCE_PREFIX = 4
const AES_KEY = 32
const DERIVED = AES_KEY + NONCE_PREFIX

type Gcm = { readonly name: 'AES-GCM'; readonly iv: Bytes; readonly additionalData: Bytes }

/** What encrypts or decrypts the chunks of one encrypted packet. */
export type MessageKey = {
  /** `n` counts chunks; `about` is authenticated beside them. */
  readonly algorithm: (n: number, about: Bytes) => Gcm
  readonly key: EngineKey
}

/**
 * RFC 9580 5.13.2: one derivation gives the key and what begins the nonces; the salt is fresh each time.
 * `secret` is the session key: imported for HKDF where it is to stay in the engine, as it is where it was just
 * drawn. `about` stands in front of the packet.
 */
export async function messageKey(
  secret: EngineKey | Bytes,
  salt: Bytes,
  about: Bytes,
  use: 'encrypt' | 'decrypt',
): Promise<MessageKey> {
  const derived =
    secret instanceof Uint8Array
      ? new Uint8Array(hkdf(sha256, secret, salt, about, DERIVED))
      : await derivedByEngine(secret, salt, about)
  const raw = derived.slice(0, AES_KEY)
  const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, [use])
  const prefix = derived.slice(AES_KEY)
  return {
    key,
    algorithm: (n, additionalData) => ({
      name: 'AES-GCM',
      iv: concatBytes(prefix, bigEndian(n)),
      additionalData,
    }),
  }
}

async function derivedByEngine(secret: EngineKey, salt: Bytes, info: Bytes): Promise<Bytes> {
  const derivation = { name: 'HKDF', hash: 'SHA-256', salt, info }
  return new Uint8Array(await crypto.subtle.deriveBits(derivation, secret, 8 * DERIVED))
}

/** What is authenticated at the very end: how many bytes there are in all. */
export function aboutAll(about: Bytes, bytes: number): Bytes {
  return concatBytes(about, bigEndian(bytes))
}

function bigEndian(value: number): Bytes {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value))
  return bytes
}
