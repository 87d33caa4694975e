import { type Bytes, bytesOfBase64 } from '#lexicon'
import { demand, Refused } from './refused.ts'
import { readSealedFront } from './sealed.ts'

/**
 * Is this one OpenPGP message, encrypted with protection against change, and nothing around it? For whoever
 * carries it and can open nothing: no clear text leaves as an encrypted mail. Throws `Refused` grammar.
 */
export function demandPgpMessage(armored: string): void {
  const sound = /^-----BEGIN PGP MESSAGE-----\n\n([A-Za-z0-9+/=\n]+)\n-----END PGP MESSAGE-----\n$/
  const [, body = ''] = sound.exec(armored.replace(/\r\n/g, '\n')) ?? []
  demand(body !== '', 'grammar', 'This is not an OpenPGP message in armor.')
  readSealedFront(bytesOf(body))
}

function bytesOf(body: string): Bytes {
  // The checksum at the end is of no use, and readers pass over it (RFC 9580, 6.1).
  const letters = body.replace(/\n=[A-Za-z0-9+/]{4}$/, '').replaceAll('\n', '')
  try {
    return bytesOfBase64(letters)
  } catch (cause) {
    throw new Refused('grammar', 'This armor is not base64.', { cause })
  }
}
