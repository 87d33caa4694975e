import { type Bytes } from '#lexicon'

/** Without padding, as WebAuthn writes bytes (RFC 4648, 5). */
export function base64UrlOfBytes(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url')
}

/** Undefined for every spelling but the one: two spellings of one name would be two passkeys. */
export function bytesOfBase64Url(text: string): Bytes | undefined {
  const bytes = new Uint8Array(Buffer.from(text, 'base64url'))
  return base64UrlOfBytes(bytes) === text ? bytes : undefined
}
