import { generateKey, type PrivateKey, readPrivateKey } from 'openpgp'
import { base64OfBytes, type Bytes } from '#lexicon'
import { PROFILE_V4, PROFILE_V6, USER_ID } from './openpgp-profile.ts'

/** An OpenPGP key pair: of a person, or of one epoch of a circle. */
export type SecretKey = {
  /** The certificate, base64, as it stands in heads. */
  readonly cert: string
  /** The transferable secret key, binary, without passphrase: the payload of a wrap. */
  readonly secret: Bytes
  readonly key: PrivateKey
}

/** A v6 pair: Ed25519 primary, X25519 subkey, no expiry. */
export async function newSecretKey(): Promise<SecretKey> {
  const { privateKey } = await generateKey({
    type: 'curve25519',
    userIDs: [USER_ID],
    format: 'object',
    config: PROFILE_V6,
  })
  return secretKeyOf(privateKey)
}

/**
 * A v4 pair of the legacy curve ids, which gpg 2.2 reads: the published mail key, and exports. Programs that
 * look a key up by an address take only one that names the address.
 */
export async function newMailKey(name: string = USER_ID.name, email?: string): Promise<SecretKey> {
  const { privateKey } = await generateKey({
    type: 'ecc',
    curve: 'curve25519Legacy',
    userIDs: [{ name, ...(email !== undefined && { email }) }],
    format: 'object',
    config: PROFILE_V4,
  })
  return secretKeyOf(privateKey)
}

/** Throws openpgp's own error when the bytes are no secret key; callers turn it into their refusal. */
export async function readSecretKey(secret: Bytes): Promise<SecretKey> {
  const key = await readPrivateKey({ binaryKey: secret, config: PROFILE_V6 })
  return { ...secretKeyOf(key), secret }
}

function secretKeyOf(key: PrivateKey): SecretKey {
  const cert = base64OfBytes(key.toPublic().write())
  return { cert, secret: new Uint8Array(key.write()), key }
}
