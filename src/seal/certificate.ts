import { enums, generateSessionKey, type PublicKey, readKeys } from 'openpgp'
import { type Bytes, bytesOfBase64, LIMITS } from '#lexicon'
import { AT_ANY_TIME, PROFILE_V4, PROFILE_V6 } from './openpgp-profile.ts'
import { demand, Refused } from './refused.ts'

/** A certificate that passed section 2.1: it may be sealed to. */
export type Certificate = {
  readonly version: 4 | 6
  readonly base64: string
  readonly key: PublicKey
}

/** One primary and one encryption subkey of exactly these algorithms. */
const ALGORITHMS = {
  6: [enums.publicKey.ed25519, enums.publicKey.x25519],
  4: [enums.publicKey.eddsaLegacy, enums.publicKey.ecdh],
} as const

/**
 * Reads a certificate and refuses every profile but the two of PROTOCOL 2.1, before anything is
 * encrypted: valid self-signatures, no expiry, not revoked, at most 4 KiB. Throws `Refused` cert.
 */
export async function readCertificate(base64: string): Promise<Certificate> {
  const known = sound.get(base64)
  if (known !== undefined) return known
  const read = await readAnew(base64)
  if (sound.size >= 500) sound.clear()
  sound.set(base64, read)
  return read
}

/**
 * What passed once passes again: nothing of the judgement hangs on time or place. A desk has few of them, and
 * each is used for every report. Bounded; what was refused is not kept.
 */
const sound = new Map<string, Certificate>()

async function readAnew(base64: string): Promise<Certificate> {
  const binaryKey = bytesOfCertificate(base64)
  const profile = PROFILE_V6
  try {
    const [key, ...more] = await readKeys({ binaryKeys: binaryKey, config: profile })
    if (key === undefined || more.length > 0)
      throw new Refused('cert', 'This is not one certificate.')
    const { version, algorithm } = key.keyPacket
    demand(version === 4 || version === 6, 'cert', 'Certificates are version 6, or 4 at the edge.')
    const [primary, encryption] = ALGORITHMS[version]
    const [subkey, ...others] = key.subkeys
    const shape =
      !key.isPrivate() &&
      algorithm === primary &&
      subkey?.keyPacket.algorithm === encryption &&
      others.length === 0
    demand(shape, 'cert', 'This certificate has keys of another kind or number.')
    const curve: unknown = subkey.getAlgorithmInfo().curve
    const legacy = version === 6 || curve === enums.curve.curve25519Legacy
    demand(legacy, 'cert', 'A version 4 certificate encrypts with Curve25519 only.')
    await key.verifyPrimaryKey(AT_ANY_TIME, undefined, profile)
    await key.getEncryptionKey(undefined, AT_ANY_TIME, undefined, profile)
    const expires = await key.getExpirationTime(undefined, profile)
    demand(expires === Infinity, 'cert', 'This certificate expires.')
    await demandStrength(key, version)
    return { version, base64, key }
  } catch (cause) {
    if (cause instanceof Refused) throw cause
    throw new Refused('cert', 'This certificate is not sound.', { cause })
  }
}

/** A certificate in the form that other programs import. Throws `Refused` cert. */
export async function armorCertificate(base64: string): Promise<{
  readonly armored: string
  readonly fingerprint: string
  /** Whom it names, in its own words. */
  readonly users: readonly string[]
}> {
  const { key } = await readCertificate(base64)
  const fingerprint = key.getFingerprint().toUpperCase()
  return { armored: key.armor(), fingerprint, users: key.getUserIDs() }
}

/** What a certificate says that it prefers decides what the library writes: it may not ask for less (R35). */
async function demandStrength(encryptionKeys: PublicKey, version: 4 | 6): Promise<void> {
  const config = version === 6 ? PROFILE_V6 : PROFILE_V4
  const drawn = await generateSessionKey({ encryptionKeys, date: AT_ANY_TIME, config })
  const mode = version === 6 ? 'gcm' : undefined
  const strong = drawn.algorithm === 'aes256' && drawn.aeadAlgorithm === mode
  demand(strong, 'cert', 'This certificate asks for another encryption than ours.')
}

/** The profile to encrypt with, for these recipients together. Throws `Refused` cert for a mixture. */
export function profileFor(certificates: readonly Certificate[]) {
  const versions = new Set(certificates.map((certificate) => certificate.version))
  demand(versions.size === 1, 'cert', 'Version 4 and version 6 certificates are sealed to apart.')
  return versions.has(6) ? PROFILE_V6 : PROFILE_V4
}

function bytesOfCertificate(base64: string): Bytes {
  try {
    const bytes = bytesOfBase64(base64)
    demand(bytes.length <= LIMITS.certificate, 'cert', 'This certificate is over 4 KiB.')
    return bytes
  } catch (cause) {
    if (cause instanceof Refused) throw cause
    throw new Refused('cert', 'This certificate is not base64.', { cause })
  }
}
