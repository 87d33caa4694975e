import {
  ClientError,
  hasFacts,
  labelCase,
  openBody,
  openQueuePage,
  type PageRow,
  readFacts,
} from '#client'
import { isCoordinator, Refused } from '#seal'
import { lookInto } from './case-looks.ts'
import { deskOf, type Entered, keyringOf, type MemberSession, refreshed } from './member-session.ts'
import type { MemberOperations } from './operations.ts'
import type { Handlers } from './serve-page.ts'
import { NEVER, type ReadPlace, readPlaces } from './read-places.ts'
import { personShown } from './show-case.ts'
import type { EntryShown, RowShown } from './shown.ts'

const PAGE = 500
/** As many as the desk takes in one question. */
const FREED_AT_ONCE = 100
/** New reports are looked at in the background, the first few of a page at a time. */
const LOOKS_AT_ONCE = 10
/** Of those that somebody answered. What stands further down is looked at when it is opened. */
const MOST_LOOKS = 60

/** The queue, page by page. Titles are opened here; everything else in a row is the server's word. */
export function queueHandlers(
  session: MemberSession,
): Handlers<Pick<MemberOperations, 'countLanes' | 'freeCases' | 'queuePage'>> {
  let looking = false
  const left = new Set<string>()
  /** What reporters of open reports said that it is, by case; for whoever is in. */
  const kindsOf = new WeakMap<Entered, Map<string, string>>()
  const kindsIn = (entered: Entered) => {
    const known = kindsOf.get(entered) ?? new Map<string, string>()
    kindsOf.set(entered, known)
    return known
  }

  /** Gives a new report its title, and sees whether it says that it is being exploited. It is not read by that. */
  const look = async (entered: Entered, ids: readonly string[]) => {
    if (looking) return
    looking = true
    const kinds = kindsIn(entered)
    try {
      for (const id of ids) await lookOrLeave(entered, id, kinds)
      session.deps.say({ event: 'changed' })
    } catch {
      // No network, or locked: the next page of rows is a reason to try again.
    } finally {
      looking = false
    }
  }

  /** A case that the desk cannot hand out keeps no other from being looked at: its turn comes last. */
  const lookOrLeave = async (entered: Entered, id: string, kinds: Map<string, string>) => {
    try {
      kinds.set(id, await lookAt(entered, id))
    } catch (error) {
      if (!(error instanceof ClientError) || error.code === 'unreachable') throw error
      left.add(id)
    }
  }

  const lookAt = async (entered: Entered, id: string): Promise<string> => {
    try {
      let within = await lookInto(entered, id)
      if (within.fold.shred !== '') return ''
      const ring = keyringOf(entered)
      if (within.fold.titleSeq < 0) within = await labelCase(deskOf(session, id), within, ring)
      const [opening] = within.fold.statements.values()
      if (opening?.type !== 'case.open' || !hasFacts(opening)) return ''
      const { text } = await openBody(entered.view, within, entered.self, ring, opening)
      return readFacts(text).facts.kind
    } catch (error) {
      // A row stays without a title; opening the case says what is wrong with it.
      const notForMe = error instanceof ClientError && error.code === 'no-reader'
      if (error instanceof Refused || notForMe) return ''
      throw error
    }
  }

  return {
    countLanes: () => session.api().call('countCases', {}),
    freeCases: async ({ ids }) => {
      let freed = 0
      for (let at = 0; at < ids.length; at += FREED_AT_ONCE) {
        const cases = ids.slice(at, at + FREED_AT_ONCE)
        freed += (await session.api().call('freeCases', { body: { cases } })).freed
      }
      return { freed }
    },
    queuePage: async ({ lane, sort, after }) => {
      const entered = session.open()
      const view = after === '' ? await refreshed(entered) : entered.view
      const page = await openQueuePage(deskOf(session, 'queue'), keyringOf(entered), {
        lane,
        sort: sort === '' ? undefined : sort,
        after: after === '' ? undefined : after,
        limit: PAGE,
      })
      for (const { id, hints } of page.rows) entered.ends.set(id, hints.last)
      const kinds = kindsIn(entered)
      const places = await readPlaces(entered.shelf)
      const rows = page.rows.map((row) =>
        rowShown(entered, row, places[row.id] ?? NEVER, kinds.get(row.id) ?? ''),
      )
      for (const { id, number, title } of rows)
        if (title !== '') entered.titles.set(id, { number, title })
      const urgent = kinds.size < MOST_LOOKS
      const more = rows
        .filter(({ title, hints }) => title === '' || isFresh(hints) || (urgent && isOpen(hints)))
        .flatMap(({ id }) => (kinds.has(id) ? [] : [id]))
        .toSorted((a, b) => Number(left.has(a)) - Number(left.has(b)))
        .slice(0, LOOKS_AT_ONCE)
      if (more.length > 0 && isCoordinator(view.directory.now, entered.self.signer.who))
        void look(entered, more)
      return { rows, next: page.next ?? '' }
    },
  }
}

function rowShown(
  { view, self, cases }: Entered,
  row: PageRow,
  { read, quiet }: ReadPlace,
  kind: string,
): RowShown {
  const { last, taken, heard, asked = -1, held = '', ...hints } = row.hints
  const opened = cases.get(row.id)
  const entries = opened?.shown.entries ?? []
  // What this machine checked itself, as long as nothing came since.
  const known = opened?.within.fold.head.seq === last
  return {
    id: row.id,
    number: row.number,
    title: row.title,
    kind: kindIn(entries) || kind,
    hints: {
      ...hints,
      held,
      taken: taken === '' ? undefined : personShown(view, self, taken),
      unseen: (known ? heardIn(entries) : heard).filter((seq) => seq > read).length,
      asks: asked > quiet,
    },
  }
}

/** Nobody answered it, so nobody may have seen what it says: also where a colleague's machine gave it its title. */
function isFresh(hints: RowShown['hints']): boolean {
  return isOpen(hints) && !hints.acknowledged
}

function isOpen({ state, source }: RowShown['hints']): boolean {
  return (state === 'open' || state === 'waiting') && source !== 'assessment'
}

/** Places of what others wrote since this person did. */
function heardIn(entries: readonly EntryShown[]): readonly number[] {
  const words = entries.filter(({ kind }) => kind !== 'act' && kind !== 'desk-only')
  const last = words.findLastIndex(({ from }) => from.trust === 'own')
  return words
    .slice(last + 1)
    .map(({ seq }) => seq)
    .slice(-10)
}

function kindIn(entries: readonly EntryShown[]): string {
  const [first] = entries
  return first?.kind === 'message' ? (first.facts?.kind ?? '') : ''
}
