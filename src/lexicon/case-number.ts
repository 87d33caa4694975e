/** Crockford's base 32: no I, L, O, U, so a number survives being read aloud. */
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** `2026-7F3KQ`: for people only, never an input to a check. `random` gives at least five bytes. */
export function caseNumber(year: number, random: Uint8Array): string {
  let letters = ''
  for (const byte of random.subarray(0, 5)) letters += CROCKFORD[byte % 32]
  return `${String(year).padStart(4, '0')}-${letters}`
}

export function isCaseNumber(text: unknown): text is string {
  return typeof text === 'string' && /^\d{4}-[0-9A-HJKMNP-TV-Z]{5}$/.test(text)
}
