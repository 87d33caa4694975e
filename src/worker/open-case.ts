import {
  askForKeys,
  type BodyOf,
  type CaseView,
  ClientError,
  fetchBodiesOf,
  fetchCase,
  type FetchedCase,
  fetchSince,
  foldFetched,
  labelCase,
  type Opening,
  openNewestFirst,
  openTitle,
  type Self,
} from '#client'
import { SECOND } from '#lexicon'
import { isCoordinator, Refused } from '#seal'
import { takeLook } from './case-looks.ts'
import { deskOf, type Entered, keyringOf, type MemberSession, refreshed } from './member-session.ts'
import type { AnswerTo, MemberOperations } from './operations.ts'
import { NEVER, readPlaces } from './read-places.ts'
import { brokenRest, newlyShown, showOpening, standOf } from './show-case.ts'
import { projectsShown } from './show-projects.ts'
import type { CaseShown } from './shown.ts'

const PAUSE = 5 * SECOND

/**
 * Opening cases for the page: first what a screen holds, then the rest by itself, with `opened` events.
 * What was folded and opened stays in this worker's memory until it is locked, so that the next look at a
 * case costs what came since.
 */
export function caseOpener(session: MemberSession) {
  const lineOf = ({ view }: Entered) => ({ api: session.api(), verify: view.verify })

  const read = async (
    entered: Entered,
    id: string,
    fetched = fetchCase(lineOf(entered), id, entered.cases.get(id)?.within),
    desk = refreshed(entered),
  ): Promise<CaseView> => {
    try {
      return await foldFetched(await desk, fetched)
    } catch (error) {
      // The chain may have grown behind the checkpoint that was read beside it: once more, in turn. What
      // is an alarm is one then.
      const grown =
        (error instanceof ClientError && error.code === 'not-found') ||
        (error instanceof Refused && error.code === 'H3')
      if (!grown) throw error
      return foldFetched(await refreshed(entered), fetchCase(lineOf(entered), id, fetched.known))
    }
  }

  const show = async (entered: Entered, within: CaseView, bodyOf?: BodyOf): Promise<CaseShown> => {
    const { view, self, cases, titles } = entered
    const known = cases.get(within.id)
    const parts = openNewestFirst(view, within, self, keyringOf(entered), known?.timeline, bodyOf)
    const [first, title, { seen, quiet }] = await Promise.all([
      parts.next(),
      titleOf(entered, within),
      placesOf(entered, within),
    ])
    if (first.done === true) throw new TypeError('A case opens in at least one part.')
    const bare = showOpening(view, self, first.value, title, seen, quiet)
    const projects = projectsShown(view, self, first.value.within)
    const opened = { ...bare, shown: { ...bare.shown, projects } }
    cases.set(within.id, opened)
    if (title !== '') titles.set(within.id, { number: within.number, title })
    void openRest(entered, first.value, parts)
    return opened.shown
  }

  const titleOf = async (entered: Entered, within: CaseView): Promise<string> => {
    const known = entered.cases.get(within.id)
    if (known !== undefined && known.within.fold.titleSeq === within.fold.titleSeq)
      return known.shown.title
    return openTitle(deskOf(session, within.id), keyringOf(entered), within)
  }

  /** The bodies of a first screen, and the keys to them. */
  const askAhead = ({ view, self }: Entered, whole: FetchedCase): Promise<BodyOf | undefined> => {
    const { who } = self.signer
    const coordinator = isCoordinator(view.directory.now, who)
    const keys = askForKeys(session.api(), whole, { who, coordinator })
    keys.catch(() => undefined)
    return fetchBodiesOf(session.api(), whole).catch(() => undefined)
  }

  /** Ends by itself when the case was shown anew meanwhile: whoever did that goes on from here. */
  const openRest = async (
    entered: Entered,
    first: Opening,
    parts: AsyncGenerator<Opening>,
  ): Promise<void> => {
    const { view, self, cases } = entered
    const { id } = first.within
    let before = first
    const isCurrent = () => cases.get(id)?.timeline === before.timeline
    const { say, wait } = session.deps
    let rest = parts
    while (before.sealed.size + before.untimed.size > 0 && isCurrent()) {
      try {
        const next = await rest.next()
        if (next.done === true || !isCurrent()) return
        const entries = newlyShown(view, self, next.value, before)
        const opened = cases.get(id)
        if (opened !== undefined) cases.set(id, withEntries(opened.shown, next.value, entries))
        before = next.value
        if (entries.length > 0) say({ event: 'opened', id, entries })
      } catch (error) {
        if (error instanceof Refused) {
          say({ event: 'opened', id, entries: brokenRest(view, self, before, error) })
          return
        }
        await wait(PAUSE)
        const { within, timeline } = before
        rest = openNewestFirst(view, within, self, keyringOf(entered), timeline)
      }
    }
  }

  return {
    show,
    /** The case as it is now, for an act. */
    read,
    open: async (id: string, stand: string): Promise<AnswerTo<MemberOperations, 'openCase'>> => {
      const entered = session.open()
      const known = entered.cases.get(id)
      const look = known === undefined ? takeLook(entered, id) : undefined
      const line = lineOf(entered)
      const whole = look?.fetched ?? fetchCase(line, id, known?.within, entered.ends.get(id))
      // All of this is on its way at once. What fails here is asked for once more, and heard of then.
      const desk = refreshed(entered)
      desk.catch(() => undefined)
      const bodies = known === undefined ? askAhead(entered, whole) : undefined
      const since = look === undefined ? undefined : fetchSince(line, whole)
      // What a look at the queue folds is not folded twice: what came since is read on top of it.
      const folded = await look?.folded.catch(() => undefined)
      const lost = look !== undefined && folded === undefined
      const fetched = lost ? fetchCase(line, id) : folded === undefined ? whole : since?.(folded)
      let within = await read(entered, id, fetched, desk)
      const { view, self } = entered
      const mine = isCoordinator(view.directory.now, self.signer.who)
      if (mine && within.fold.titleSeq < 0 && within.fold.shred === '') {
        within = await labelCase(deskOf(session, id), within, keyringOf(entered))
        await refreshed(entered)
      }
      const had = entered.cases.get(id)?.shown
      if (had !== undefined && had.stand === stand && standOf(entered.view, within) === stand) {
        const { seen, quiet } = await placesOf(entered, within)
        return { same: true, shown: { ...had, entries: [], unseenFrom: seen + 1, quiet } }
      }
      return { same: false, shown: await show(entered, within, await bodies) }
    },
  }
}

async function placesOf({ self, shelf }: Entered, within: CaseView) {
  const { read, quiet } = (await readPlaces(shelf))[within.id] ?? NEVER
  return { seen: Math.max(read, lastOwn(within, self)), quiet }
}

/** Who wrote in a case has read it up to there, at whichever machine; -1 for nobody. */
function lastOwn({ fold }: CaseView, { signer }: Self): number {
  const own = [...fold.statements.values()].filter(
    ({ type, by }) => type === 'case.message' && by === signer.who,
  )
  return own.at(-1)?.seq ?? -1
}

function withEntries(shown: CaseShown, opening: Opening, entries: CaseShown['entries']) {
  const newer = new Map(entries.map((entry) => [entry.id, entry]))
  const filled = shown.entries.map((entry) => newer.get(entry.id) ?? entry)
  return { ...opening, shown: { ...shown, entries: filled } }
}
