/** Something that the palette can do or go to. */
export type Offer = {
  readonly id: string
  readonly title: string
  /** `Act`, `Place`, or the number of a case. */
  readonly kind: string
  /** Caps of its key; `""` where it has none. */
  readonly keys: string
}

/**
 * The offers that fit what was typed, the best first: every word must begin a word of the title, stand
 * within it, or be its first letters (`gq` finds “Go to the queue”). Nothing typed gives all, in their order.
 */
export function matchOffers<T extends Offer>(
  offers: readonly T[],
  text: string,
  most: number,
): readonly T[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  if (words.length === 0) return offers.slice(0, most)
  const scored: { readonly offer: T; readonly score: number }[] = []
  for (const offer of offers) {
    const score = scoreOf(`${offer.title} ${offer.kind}`.toLowerCase(), words)
    if (score > 0) scored.push({ offer, score })
  }
  return scored
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ offer }) => offer)
}

/** The place of the choice after an arrow key; it goes round. */
export function nextChoice(at: number, by: number, count: number): number {
  return count === 0 ? 0 : (at + by + count) % count
}

function scoreOf(title: string, words: readonly string[]): number {
  let sum = 0
  for (const word of words) {
    const score = scoreWord(title, word)
    if (score === 0) return 0
    sum += score
  }
  return sum
}

function scoreWord(title: string, word: string): number {
  if (title.startsWith(word)) return 4
  if (title.includes(` ${word}`)) return 3
  if (title.includes(word)) return 2
  const initials = title
    .split(/[^\p{L}\p{N}]+/u)
    .map((part) => part.slice(0, 1))
    .join('')
  return word.length > 1 && initials.includes(word) ? 1 : 0
}
