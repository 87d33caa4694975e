import { type Bytes, bytesOfHex, concatBytes, hexOfBytes } from '#lexicon'

/** A person is an Ed25519 public key in hex: the only identifier there is (K1). */
export type Person = string

type Key = InstanceType<typeof CryptoKey>

/** What signs. The seed stays in here; only `who` and signatures leave. */
export type Signer = {
  readonly who: Person
  /** 64 bytes in hex over `message`. */
  readonly sign: (message: Bytes) => Promise<string>
}

const FIELD = 2n ** 255n - 19n

/**
 * Encodings of the eight points of small order, sign bit cleared. Chromium, Firefox and OpenSSL 3.0
 * verify forged signatures under such keys (N27), so the list carries weight; it stands also in
 * vectors/small-order.json.
 */
const SMALL_ORDER = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
])

/** Canonical (y < p) and not of small order, whatever the sign bit. */
export function isPerson(text: unknown): text is Person {
  if (typeof text !== 'string' || !/^[0-9a-f]{64}$/.test(text)) return false
  const y = bytesOfHex(text)
  y[31] = (y[31] ?? 0) & 0x7f
  return !SMALL_ORDER.has(hexOfBytes(y)) && BigInt(`0x${hexOfBytes(y.reverse())}`) < FIELD
}

/** Throws nothing: a malformed key or signature is simply not valid. RFC 8032 verification by WebCrypto. */
export async function verifySignature(
  by: Person,
  message: Bytes,
  signature: string,
): Promise<boolean> {
  // A key that was imported passed this before.
  if (!imported.has(by) && !isPerson(by)) return false
  if (!/^[0-9a-f]{128}$/.test(signature)) return false
  const key = await publicKey(by)
  return crypto.subtle.verify('Ed25519', key, bytesOfHex(signature), message)
}

/** Where signatures are verified: here, or by the same code in another thread. */
export type VerifySignature = typeof verifySignature

/** PKCS #8 header of an Ed25519 private key (RFC 8410); the seed follows. */
const PKCS8 = bytesOfHex('302e020100300506032b657004220420')

/** `seed` is 32 bytes. The public key is computed, never taken from elsewhere (K11). */
export async function signerOfSeed(seed: Bytes): Promise<Signer> {
  if (seed.length !== 32) throw new RangeError('An Ed25519 seed has 32 bytes.')
  const pkcs8 = concatBytes(PKCS8, seed)
  const exportable = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', true, ['sign'])
  const { x } = await crypto.subtle.exportKey('jwk', exportable)
  if (x === undefined) throw new TypeError('This engine does not compute Ed25519 public keys.')
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign'])
  return {
    who: hexOfBytes(bytesOfBase64Url(x)),
    sign: async (message) =>
      hexOfBytes(new Uint8Array(await crypto.subtle.sign('Ed25519', key, message))),
  }
}

/** Imported keys by person: a chain names few people and many statements. Bounded. */
const imported = new Map<Person, Promise<Key>>()

function publicKey(who: Person): Promise<Key> {
  const known = imported.get(who)
  if (known !== undefined) return known
  if (imported.size >= 1000) imported.clear()
  const key = crypto.subtle.importKey('raw', bytesOfHex(who), 'Ed25519', false, ['verify'])
  imported.set(who, key)
  return key
}

function bytesOfBase64Url(text: string): Bytes {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0))
}
