import { beginCheck, type Begun, type CaseHead, type Statement } from '#seal'
import type { DeskView } from './desk-view.ts'

/** Where a chain comes from, and where its signatures are verified. */
export type Line = Pick<DeskView, 'api' | 'verify'>

/** The heads that can be read, before anything else of them is known: the fold says what is wrong. */
export function headsOf(
  entries: readonly Entry[],
): readonly (readonly [Begun<'case'>, CaseHead])[] {
  return entries.flatMap(({ begun }) => {
    try {
      return [[begun, begun.read()] as const]
    } catch {
      return []
    }
  })
}

/** A statement whose checks have begun, and the server’s word that it was accepted. */
export type Entry = { readonly begun: Begun<'case'>; readonly accepted: Statement }

/** Statements of a page, where several are asked for side by side. */
const WIDTH = 250
/** Of a length that is only said. */
const MOST_AT_ONCE = 8

/**
 * The chain after this place. `expected` is where it ends by the server's word: it says how many pages are
 * asked for at once, and nothing else.
 */
export async function fetchAfter(
  { api, verify }: Line,
  id: string,
  after: number,
  expected = after,
): Promise<readonly Entry[]> {
  const entries: Entry[] = []
  const pages = new Map<number, ReturnType<typeof pageAfter>>()
  const aside = expected - after > WIDTH
  const limit = aside ? WIDTH : undefined
  const pageAfter = (place: number) =>
    api.call('readCaseChain', { params: { id }, query: { limit, after: place } })
  const ask = (place: number) => {
    const page = pages.get(place) ?? pageAfter(place)
    pages.set(place, page)
    // Whoever needs it hears of it.
    page.catch(() => undefined)
    return page
  }
  const ends = aside ? Math.min(expected, after + MOST_AT_ONCE * WIDTH) : after
  for (let place = after; place < ends; place += WIDTH) void ask(place)
  for (let next: ReturnType<typeof ask> | undefined = ask(after); next;) {
    const page: Awaited<typeof next> = await next
    const place = after + entries.length + page.statements.length
    // The next page is on its way while this one is checked.
    next = page.more && page.statements.length > 0 ? ask(place) : undefined
    for (const { statement, accepted } of page.statements)
      entries.push({ begun: beginCheck(statement, 'case', verify), accepted })
  }
  return entries
}
