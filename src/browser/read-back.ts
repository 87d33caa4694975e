/** Words as a person may type or paste them: numbers, commas, dots, capitals and lines are forgiven. */
export function wordsIn(typed: string): readonly string[] {
  return typed
    .normalize('NFKC')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '')
}

/** Was it written down rightly? The order counts. */
export function readBack(words: string, typed: string): boolean {
  const want = wordsIn(words)
  const got = wordsIn(typed)
  return want.length > 0 && want.length === got.length && want.every((word, n) => word === got[n])
}
