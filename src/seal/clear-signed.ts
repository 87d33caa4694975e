import { readCleartextMessage, verify } from 'openpgp'
import { readCertificate } from './certificate.ts'
import { AT_ANY_TIME, PROFILE_V4 } from './openpgp-profile.ts'
import { demand, Refused } from './refused.ts'

/** A mark of somebody's signature in the clear, wherever it stands. */
export function looksClearSigned(text: string): boolean {
  return /-----BEGIN PGP SIGN/i.test(text)
}

/**
 * That a text is signed in the clear by one of these certificates of the desk's, from its first sign to its last:
 * around a signed part others can stand that look signed (K26). Throws `Refused` clear-sign.
 */
export async function demandClearSigned(
  text: string,
  certificates: readonly string[],
): Promise<void> {
  demand(WHOLE.test(text), 'clear-sign', 'Something stands around what is signed.')
  try {
    const keys = await Promise.all(certificates.map(async (each) => readCertificate(each)))
    const config = PROFILE_V4
    const message = await readCleartextMessage({ cleartextMessage: text, config })
    const verificationKeys = keys.map(({ key }) => key)
    const date = AT_ANY_TIME
    const proof = await verify({ message, verificationKeys, date, expectSigned: true, config })
    demand(proof.signatures.length === 1, 'clear-sign', 'It is signed by more than our mail key.')
  } catch (cause) {
    if (cause instanceof Refused) throw cause
    throw new Refused('clear-sign', 'This is not signed with the mail key of this desk.', { cause })
  }
}

/** A dash at the beginning of a line of the text is escaped (RFC 9580, 7.2): no second mark can be in it. */
const WHOLE =
  /^-----BEGIN PGP SIGNED MESSAGE-----\r?\n(?:Hash: [A-Z0-9, -]+\r?\n)*\r?\n(?:(?!-----)[^\n]*\n)*-----BEGIN PGP SIGNATURE-----\r?\n[^-]*-----END PGP SIGNATURE-----\r?\n?$/
