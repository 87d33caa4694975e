/**
 * How many slips of the fingers lie between two words: a letter wrong, missing, too many, or two turned round
 * (optimal string alignment). Above `most` the answer is `most + 1`, and found early.
 */
export function slipsBetween(one: string, other: string, most: number): number {
  if (Math.abs(one.length - other.length) > most) return most + 1
  if (other.length >= LONGEST) return one === other ? 0 : most + 1
  let [before, last, now] = rows
  for (let j = 0; j <= other.length; j++) last[j] = j
  for (let i = 1; i <= one.length; i++) {
    now[0] = i
    let least = i
    for (let j = 1; j <= other.length; j++) {
      const sameLetter = one.charCodeAt(i - 1) === other.charCodeAt(j - 1)
      let slips = Math.min(
        (last[j] ?? 0) + 1,
        (now[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + (sameLetter ? 0 : 1),
      )
      const turned =
        i > 1 &&
        j > 1 &&
        one.charCodeAt(i - 1) === other.charCodeAt(j - 2) &&
        one.charCodeAt(i - 2) === other.charCodeAt(j - 1)
      if (turned) slips = Math.min(slips, (before[j - 2] ?? 0) + 1)
      now[j] = slips
      if (slips < least) least = slips
    }
    if (least > most) return most + 1
    ;[before, last, now] = [last, now, before]
  }
  return Math.min(last[other.length] ?? 0, most + 1)
}

/** Longer ones are no words that somebody types. */
const LONGEST = 256
/** Written anew by each call: thousands of calls a second need no new ones. */
const rows: readonly [Uint16Array, Uint16Array, Uint16Array] = [
  new Uint16Array(LONGEST),
  new Uint16Array(LONGEST),
  new Uint16Array(LONGEST),
]

/** Which letters a word has, as bits: a slip changes at most two of them. */
export function lettersOf(word: string): number {
  let bits = 0
  for (let n = 0; n < word.length; n++) {
    const code = word.charCodeAt(n)
    bits |= code >= 97 && code <= 122 ? 1 << (code - 97) : 1 << (26 + (code % 6))
  }
  return bits
}

/** How many bits differ. */
export function bitsBetween(one: number, other: number): number {
  let bits = one ^ other
  bits -= (bits >>> 1) & 0x55555555
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return (((bits + (bits >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24
}
