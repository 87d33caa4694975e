import type { DeskView } from './desk-view.ts'

/** Cases of this person as the server lists them: which there are, and no word about them. */
export async function listCaseIds(
  { api }: Pick<DeskView, 'api'>,
  lanes: readonly ('all' | 'closed')[],
): Promise<readonly { readonly id: string; readonly number: string }[]> {
  // One that is closed while this runs could stand on two pages.
  const found = new Map<string, { readonly id: string; readonly number: string }>()
  for (const lane of lanes) {
    let after: string | undefined
    do {
      const page = await api.call('listCases', { query: { lane, after, limit: 1000 } })
      for (const { id, number } of page.cases) found.set(id, { id, number })
      after = page.next
    } while (after !== undefined)
  }
  return [...found.values()]
}
