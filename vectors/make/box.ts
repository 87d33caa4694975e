import { createCipheriv } from 'node:crypto'
import { type Bytes, concatBytes } from '#lexicon'

/** iv ‖ AES-256-GCM ‖ tag, by the book, with a nonce that is given: only vectors may repeat one. */
export function boxOf(key: Bytes, aad: Bytes, text: Bytes, iv: Bytes): Bytes {
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(aad)
  return concatBytes(iv, cipher.update(text), cipher.final(), cipher.getAuthTag())
}
