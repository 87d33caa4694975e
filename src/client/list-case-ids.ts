import type { DeskView } from './desk-view.ts'

/** `held` is the server's word: in which lane a case stands, no chain says. */
export type CaseId = { readonly id: string; readonly number: string; readonly held: boolean }

/** Cases of this person as the server lists them: which there are, and no word about them. */
export async function listCaseIds(
  { api }: Pick<DeskView, 'api'>,
  lanes: readonly ('all' | 'closed' | 'held')[],
): Promise<readonly CaseId[]> {
  // One that is closed while this runs could stand on two pages.
  const found = new Map<string, CaseId>()
  for (const lane of lanes) {
    let after: string | undefined
    do {
      const page = await api.call('listCases', { query: { lane, after, limit: 1000 } })
      for (const { id, number, held } of page.cases)
        found.set(id, { id, number, held: held !== undefined })
      after = page.next
    } while (after !== undefined)
  }
  return [...found.values()]
}
