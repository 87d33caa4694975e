/** In base64. Programs ignore larger ones, and a mail of a few words should not be mostly key. */
const LARGEST = 10 * 1024
const LINE = 72

/**
 * What a mail program of the reporter reads our key from (Autocrypt Level 1), folded: whoever answers encrypts
 * without looking for a key. `undefined` without a key, or for one that is too large. It is what this server says,
 * as the key on its pages is.
 */
export function autocryptField({
  from,
  key,
}: {
  readonly from: string
  readonly key?: string
}): string | undefined {
  if (key === undefined || key === '' || key.length > LARGEST) return undefined
  const lines = key.match(new RegExp(`.{1,${LINE}}`, 'g')) ?? []
  return [`addr=${from}; prefer-encrypt=mutual; keydata=`, ...lines].join('\r\n ')
}
