import type { HeldReason } from '#lexicon'
import type { CaseShown, Lane, RowShown } from '#worker'
import { asksAgain, isOutOfReach, openingOf, unseenOf, waitsForAnswer } from '../case/case-words.ts'
import { stateWord } from '../../parts/act-words.ts'
import { countWords } from '../../size-words.ts'

const LANES: readonly { readonly lane: Lane; readonly title: string }[] = [
  { lane: 'all', title: 'All open' },
  { lane: 'new', title: 'New' },
  { lane: 'mine', title: 'Mine' },
  { lane: 'waiting', title: 'Waiting' },
  { lane: 'closed', title: 'Closed' },
  { lane: 'held', title: 'Held' },
]

const COORDINATORS: ReadonlySet<Lane> = new Set(['new', 'mine', 'held'])

/** Why a mail is held, in a few words. */
export const HELD_WORDS: Readonly<Record<HeldReason, string>> = {
  '': '',
  list: 'Mailing list',
  'auto-reply': 'Automatic mail',
  bounce: 'Bounce of no mail of ours',
  'dmarc-report': 'DMARC report',
  loop: 'Says it is from this desk',
  forged: 'Its domain disowns the sender',
  spam: 'Marked as spam on its way',
}

/** Titles are sealed: a row has one once a coordinator’s machine opened its case. */
export const NOT_OPENED = 'Not opened yet'

/** The lanes of this person: nothing is acknowledged or taken by whoever was added to a case. */
export function lanesOf(coordinator: boolean): typeof LANES {
  return coordinator ? LANES : LANES.filter(({ lane }) => !COORDINATORS.has(lane))
}

/** Whoever is shown a word of the server's is told so. */
export const SERVER_SAYS = 'By the desk’s server; checked when you open the case'

/** What a case waits for, in one or two words. */
export function stepOf({ hints }: RowShown): string {
  if (hints.state === 'closed' || hints.state === 'archived') return stateWord(hints.state)
  if (hints.held !== '') return 'Free or bin'
  if (!hints.acknowledged && hints.due !== '') return 'Acknowledge'
  if (hints.asks) return 'Answer'
  if (hints.state === 'waiting') return 'Waiting'
  return hints.sort === '' ? 'Sort' : 'In work'
}

/** The row of a case that was just opened and checked. */
export function rowAfter(row: RowShown, shown: CaseShown): RowShown {
  const { source, received, due, state, sort, taken, acknowledged, answered } = shown
  return {
    id: row.id,
    number: shown.number,
    title: shown.title === '' ? row.title : shown.title,
    kind: openingOf(shown)?.facts?.kind ?? row.kind,
    hints: {
      source,
      received,
      due,
      state: asksAgain(shown) ? 'open' : state,
      sort,
      taken,
      acknowledged: acknowledged !== '',
      // The chain knows nothing of lanes: whoever acted on it has freed it.
      held: acknowledged === '' && !answered ? row.hints.held : '',
      unseen: unseenOf(shown),
      asks: waitsForAnswer(shown) >= 0,
      // Accepted by now, or still waiting: the next page of the queue says it anew.
      ...(row.hints.claimed === true && isOutOfReach(shown) && { claimed: true }),
    },
  }
}

/** `3 new`; the server names ten places at most, so ten are many. */
export function unseenWords(unseen: number): string {
  return unseen > 9 ? '9+ new' : `${String(unseen)} new`
}

/** `31 of 412 loaded`; `""` when everything is there. */
export function loadedWords(loaded: number, count: number, more: boolean): string {
  if (!more) return ''
  return count > loaded
    ? `${countWords(loaded)} of ${countWords(count)} loaded`
    : `${countWords(loaded)} loaded`
}

/** `1 case`, `12 345 cases`, with a no-break space in thousands. */
export function casesWord(n: number): string {
  return n === 1 ? '1 case' : `${countWords(n)} cases`
}
