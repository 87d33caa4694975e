import { headerValues, readMailHeaders } from '#lexicon'

const ARMOR = '-----BEGIN PGP MESSAGE-----'
/** The same words where a program wrapped the whole text in base64. */
const ARMOR_IN_BASE64 = Buffer.from(ARMOR).toString('base64').replace(/=+$/, '').slice(0, -1)
/** Nobody writes more empty lines before it than this. */
const LOOK = 4096

/**
 * Is this mail ciphertext as a whole? It is stored in the same way; the word says how it came. What claims
 * to be encrypted and is not shows when a coordinator opens it.
 */
export function sourceOfMail(raw: Uint8Array): 'pgp' | 'mail' {
  const headers = readMailHeaders(raw)
  const type = headerValues(headers, 'content-type')[0] ?? ''
  if (/^multipart\/encrypted\b/i.test(type)) return 'pgp'
  const start = Buffer.from(raw.subarray(headers.end, headers.end + LOOK)).toString('latin1')
  const text = start.trimStart()
  if (text.startsWith(ARMOR)) return 'pgp'
  const encoding = headerValues(headers, 'content-transfer-encoding')[0] ?? ''
  return /^base64$/i.test(encoding) && text.startsWith(ARMOR_IN_BASE64) ? 'pgp' : 'mail'
}
