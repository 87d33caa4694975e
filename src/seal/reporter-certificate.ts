import { config as usual, enums, generateSessionKey, type PublicKey, readKeys } from 'openpgp'
import { type Bytes, CLOCK_SLACK, hexOfBytes, LIMITS } from '#lexicon'
import { sha256 } from './hash.ts'
import { PROFILE_V4, PROFILE_V6 } from './openpgp-profile.ts'
import { demand, Refused } from './refused.ts'

/*
 * The key of somebody who wrote by mail. It is theirs, made by whatever program they have: the strict rule of
 * PROTOCOL 2.1 is for keys of ours. Taken is what encrypts soundly today and to nobody else than whom it names:
 * RSA of 2048 to 8192 bits, Curve25519, the curves of NIST (Brainpool is computed by one of our two
 * environments only), version 4 or 6; valid self-signatures,
 * not expired, not revoked, and a user id with the address that is answered, unless the mail itself says so.
 */

/** A certificate that may be encrypted to, now and for this address. */
export type ReporterCertificate = {
  /** In full, hex. */
  readonly fingerprint: string
  /** Of its bytes, hex: what is pinned is these bytes, not only the name. */
  readonly hash: string
  readonly bytes: Bytes
  readonly key: PublicKey
}

/** Old gpg writes what we would not: SHA-224 in a self-signature, packets of its own. */
const STRANGERS_KEY = {
  ignoreUnsupportedPackets: true,
  enforceGrammar: false,
  maxUserIDLength: 1024,
  rejectHashAlgorithms: usual.rejectHashAlgorithms,
}
const PROFILES = {
  4: { ...PROFILE_V4, ...STRANGERS_KEY },
  6: { ...PROFILE_V6, ...STRANGERS_KEY },
} as const

/** In one attachment there may be several: more are somebody's whole keyring. */
const MOST_KEYS = 20
const MOST_PARTS = 40
const MOST_SIGNATURES = 200
const MOST_BITS = 8192
/** Every program writes 17 bits or fewer; how long a signature takes to verify grows with it. */
const MOST_EXPONENT_BITS = 64

/** What we compute with. DSA and ElGamal hold numbers that nothing bounds: one signature could take a minute. */
const COMPUTED: ReadonlySet<enums.publicKey> = new Set([
  enums.publicKey.rsaEncryptSign,
  enums.publicKey.rsaEncrypt,
  enums.publicKey.rsaSign,
  enums.publicKey.ecdh,
  enums.publicKey.ecdsa,
  enums.publicKey.eddsaLegacy,
  enums.publicKey.x25519,
  enums.publicKey.x448,
  enums.publicKey.ed25519,
  enums.publicKey.ed448,
])

/** Every certificate in these packets or in this armor, each by itself. Throws `Refused` cert. */
export async function certificatesIn(given: Bytes | string): Promise<readonly Bytes[]> {
  const size = given.length
  demand(size > 0 && size <= 2 * LIMITS.foundKey, 'cert', 'This key is larger than we read.')
  try {
    const config = PROFILES[6]
    const keys =
      typeof given === 'string'
        ? await readKeys({ armoredKeys: given, config })
        : await readKeys({ binaryKeys: given, config })
    demand(keys.length <= MOST_KEYS, 'cert', 'These are more keys than one person has.')
    // A secret key that somebody attached by mistake is no certificate: nothing of it is used.
    return keys.filter((key) => !key.isPrivate()).map((key) => new Uint8Array(key.write()))
  } catch (cause) {
    if (cause instanceof Refused) throw cause
    throw new Refused('cert', 'This is not an OpenPGP key.', { cause })
  }
}

/**
 * One certificate, judged at `now` in milliseconds. `address`: whom it has to name; `undefined` where the
 * mail said for which address it is. Throws `Refused` cert, with why.
 */
export async function readReporterCertificate(
  bytes: Bytes,
  address: string | undefined,
  now: number,
): Promise<ReporterCertificate> {
  demand(bytes.length <= LIMITS.foundKey, 'cert', 'This key is larger than we read.')
  const key = await oneKey(bytes)
  const config = profileOf(key)
  demandBounds(key)
  const date = judgedAt(now)
  demand(!(await isRevoked(key, date, config)), 'cert', 'This key was revoked.')
  const ends = await key.getExpirationTime(undefined, config).catch(() => null)
  demand(ends !== null, 'cert', 'This key does not hold: its own signatures do not verify.')
  demand(ends === Infinity || ends > date, 'cert', 'This key has expired.')
  try {
    await key.verifyPrimaryKey(date, undefined, config)
    await key.getEncryptionKey(undefined, date, undefined, config)
    await generateSessionKey({ encryptionKeys: key, date, config })
  } catch (cause) {
    const why =
      'Nothing in this key can be encrypted to: it has expired, or is of a kind or strength that we do not use.'
    throw new Refused('cert', why, { cause })
  }
  if (address !== undefined)
    demand(await names(key, address, date, config), 'cert', 'This key names another address.')
  const fingerprint = key.getFingerprint()
  return { fingerprint, hash: hexOfBytes(sha256(bytes)), bytes, key }
}

/** Its maker's clock may be a little ahead of ours. */
export function judgedAt(now: number): Date {
  return new Date(now + CLOCK_SLACK)
}

/** The profile to encrypt with. */
export function profileOf(key: PublicKey) {
  return key.keyPacket.version === 6 ? PROFILES[6] : PROFILES[4]
}

async function oneKey(bytes: Bytes): Promise<PublicKey> {
  try {
    const [key, ...more] = await readKeys({ binaryKeys: bytes, config: PROFILES[6] })
    demand(key !== undefined && more.length === 0, 'cert', 'This is not one key.')
    demand(!key.isPrivate(), 'cert', 'This is a secret key. Its owner must make a new one.')
    return key
  } catch (cause) {
    if (cause instanceof Refused) throw cause
    throw new Refused('cert', 'This is not an OpenPGP key.', { cause })
  }
}

/** Before anything is computed with it: a number of half a million bits takes hours. */
function demandBounds(key: PublicKey): void {
  const few = key.users.length <= MOST_PARTS && key.subkeys.length <= MOST_PARTS
  demand(few, 'cert', 'This key has more names or subkeys than we look at.')
  const signatures = key.toPacketList().filterByTag(enums.packet.signature).length
  demand(signatures <= MOST_SIGNATURES, 'cert', 'This key has more signatures than we look at.')
  for (const { keyPacket } of [key, ...key.subkeys]) {
    const known = COMPUTED.has(keyPacket.algorithm)
    demand(known, 'cert', 'This key, or a subkey of it, is of a kind that we do not use.')
    const { bits = 0, curve = '' } = keyPacket.getAlgorithmInfo()
    demand(
      !curve.startsWith('brainpool'),
      'cert',
      'This key is on a Brainpool curve, which we do not use.',
    )
    const large = bits > MOST_BITS || exponentBits(keyPacket.publicParams) > MOST_EXPONENT_BITS
    demand(!large, 'cert', 'A number in this key is larger than we compute with.')
  }
}

/** Of RSA; 0 for everything else. */
function exponentBits(params: object): number {
  const e = 'e' in params && params.e instanceof Uint8Array ? params.e : new Uint8Array(0)
  const first = e.findIndex((byte) => byte !== 0)
  return first === -1 ? 0 : 8 * (e.length - first)
}

type Profile = ReturnType<typeof profileOf>

async function isRevoked(key: PublicKey, date: Date, config: Profile): Promise<boolean> {
  return key.isRevoked(undefined, undefined, date, config)
}

async function names(key: PublicKey, address: string, date: Date, config: Profile) {
  for (const user of key.users) {
    if (user.userID?.email.toLowerCase() !== address.toLowerCase()) continue
    const holds = await user.verify(date, config).catch(() => null)
    if (holds === true) return true
  }
  return false
}
