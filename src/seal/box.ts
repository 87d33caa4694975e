import { type Bytes, concatBytes } from '#lexicon'
import { Refused, type RefusedCode } from './refused.ts'

const IV = 12
const TAG = 16

/** iv ‖ AES-256-GCM ‖ tag, for vaults and labels. `key` is 32 bytes, `iv` 12 fresh random bytes. */
export async function closeBox(
  key: Bytes,
  aad: Bytes,
  content: Bytes,
  iv: Bytes = crypto.getRandomValues(new Uint8Array(IV)),
): Promise<Bytes> {
  const sealed = await crypto.subtle.encrypt(parameters(iv, aad), await importBoxKey(key), content)
  return concatBytes(iv, new Uint8Array(sealed))
}

/** A key imported once, for many boxes. */
export type BoxKey = InstanceType<typeof CryptoKey>

export function importBoxKey(key: Bytes): Promise<BoxKey> {
  return crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt'])
}

/** The content, or `Refused` with the caller's code: which byte was wrong stays unsaid. */
export async function openBox(
  key: Bytes | BoxKey,
  aad: Bytes,
  box: Bytes,
  code: RefusedCode,
): Promise<Bytes> {
  try {
    if (box.length < IV + TAG) throw new RangeError('too short')
    const iv = box.slice(0, IV)
    const imported = key instanceof Uint8Array ? await importBoxKey(key) : key
    const content = await crypto.subtle.decrypt(parameters(iv, aad), imported, box.slice(IV))
    return new Uint8Array(content)
  } catch (cause) {
    throw new Refused(code, 'This box does not open with this key in this place.', { cause })
  }
}

function parameters(iv: Bytes, aad: Bytes) {
  return { name: 'AES-GCM', iv, additionalData: aad, tagLength: 8 * TAG }
}
