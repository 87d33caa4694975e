import type { CaseShown, EntryShown } from '#worker'

/** Fills entries that were sealed when the case was shown, in their place. */
export function fillEntries(shown: CaseShown, opened: readonly EntryShown[]): CaseShown {
  const byId = new Map(opened.map((entry) => [entry.id, entry]))
  const entries = shown.entries.map((entry) => byId.get(entry.id) ?? entry)
  return { ...shown, entries }
}
