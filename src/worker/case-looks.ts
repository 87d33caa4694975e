import { type CaseView, fetchCase, type FetchedCase, foldFetched } from '#client'
import type { Entered } from './member-session.ts'

/** A case that is being folded, or was, because its row in the queue was looked at. */
export type Look = { readonly fetched: FetchedCase; readonly folded: Promise<CaseView> }

/** As many as one page of rows looks at. An older one is fetched again when somebody opens it. */
const MOST = 10

/** They go with whoever was in. */
const looksOf = new WeakMap<Entered, Map<string, Look>>()

function looksIn(entered: Entered): Map<string, Look> {
  const known = looksOf.get(entered) ?? new Map<string, Look>()
  looksOf.set(entered, known)
  return known
}

/** Fetches and folds a case, and remembers it for whoever opens it next. Throws as `foldFetched` does. */
export function lookInto(entered: Entered, id: string): Promise<CaseView> {
  const looks = looksIn(entered)
  const fetched = fetchCase(entered.view, id, undefined, entered.ends.get(id))
  const folded = foldFetched(entered.view, fetched)
  // Who opens the case meanwhile hears of what is wrong from their own reading.
  folded.catch(() => undefined)
  looks.set(id, { fetched, folded })
  for (const oldest of [...looks.keys()].slice(0, Math.max(0, looks.size - MOST)))
    looks.delete(oldest)
  return folded
}

/** The look at this case, once: what is opened is kept elsewhere. */
export function takeLook(entered: Entered, id: string): Look | undefined {
  const looks = looksIn(entered)
  const look = looks.get(id)
  looks.delete(id)
  return look
}
