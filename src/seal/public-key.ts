import { readKey } from 'openpgp'
import { certificatesIn } from './reporter-certificate.ts'
import { demand } from './refused.ts'

/** One armored public key, read from a file that strangers may write. Throws `Refused` cert for anything else. */
export async function readPublicKey(armored: string): Promise<{ readonly fingerprint: string }> {
  const [bytes, ...more] = await certificatesIn(armored)
  demand(bytes !== undefined && more.length === 0, 'cert', 'This is not one public key.')
  const key = await readKey({ binaryKey: bytes })
  return { fingerprint: key.getFingerprint().toUpperCase() }
}
