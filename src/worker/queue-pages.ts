import { labelCase, openCase, openQueuePage, type PageRow } from '#client'
import { isCoordinator } from '#seal'
import { deskOf, type Entered, keyringOf, type MemberSession, refreshed } from './member-session.ts'
import type { MemberOperations } from './operations.ts'
import type { Handlers } from './serve-page.ts'
import { personShown } from './show-case.ts'
import type { RowShown } from './shown.ts'

const PAGE = 500
/** New reports get their title in the background; the first few of a page at a time. */
const LABELS_AT_ONCE = 10

/** The queue, page by page. Titles are opened here; everything else in a row is the server's word. */
export function queueHandlers(
  session: MemberSession,
): Handlers<Pick<MemberOperations, 'countLanes' | 'queuePage'>> {
  let labelling = false

  const label = async (entered: Entered, ids: readonly string[]) => {
    if (labelling) return
    labelling = true
    try {
      for (const id of ids) {
        const within = await openCase(entered.view, id)
        if (within.fold.titleSeq < 0 && within.fold.shred === '')
          await labelCase(deskOf(session, id), within, keyringOf(entered))
      }
      session.deps.say({ event: 'changed' })
    } catch {
      // A row stays without a title; opening the case says what is wrong with it.
    } finally {
      labelling = false
    }
  }

  return {
    countLanes: () => session.api().call('countCases', {}),
    queuePage: async ({ lane, sort, after }) => {
      const entered = session.open()
      const view = after === '' ? await refreshed(entered) : entered.view
      const page = await openQueuePage(deskOf(session, 'queue'), keyringOf(entered), {
        lane,
        sort: sort === '' ? undefined : sort,
        after: after === '' ? undefined : after,
        limit: PAGE,
      })
      const { marks } = view.remembered
      const rows = page.rows.map((row) => rowShown(entered, row, marks[row.id]?.seq ?? -1))
      for (const { id, number, title } of rows)
        if (title !== '') entered.titles.set(id, { number, title })
      const untitled = rows.filter(({ title }) => title === '').map(({ id }) => id)
      if (untitled.length > 0 && isCoordinator(view.directory.now, entered.self.signer.who))
        void label(entered, untitled.slice(0, LABELS_AT_ONCE))
      return { rows, next: page.next ?? '' }
    },
  }
}

function rowShown({ view, self }: Entered, row: PageRow, seen: number): RowShown {
  const { last, taken, ...hints } = row.hints
  return {
    id: row.id,
    number: row.number,
    title: row.title,
    hints: {
      ...hints,
      taken: taken === '' ? undefined : personShown(view, self, taken),
      unseen: Math.max(0, last - seen),
    },
  }
}
