import { wordsIn } from '../../read-back.ts'

/** One sentence on the first word that is not as it was shown, or `""`. It names the place, not the word. */
export function differsAt(words: string, typed: string): string {
  const want = wordsIn(words)
  const got = wordsIn(typed)
  const at = want.findIndex((word, n) => word !== got[n])
  if (got.length < want.length && (at < 0 || at >= got.length))
    return `These are ${got.length} of ${want.length} words, right so far. Type the rest.`
  if (at >= 0)
    return `Word ${at + 1} is not as it was shown. Look at your paper, or show the words again.`
  if (got.length > want.length)
    return `These are ${got.length} words; only ${want.length} were shown.`
  return ''
}
