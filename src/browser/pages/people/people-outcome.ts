import type { Outcome, StaleCase } from '#worker'
import { visibleLine } from '../../visible-text.ts'

/** What the last act came to, as it stands on top of the page. */
export type OutcomeWords = {
  /** `due`: something is left to do. */
  readonly tone: 'accent' | 'due'
  readonly title: string
  readonly notes: readonly string[]
}

export const NO_OUTCOME: OutcomeWords = { tone: 'accent', title: '', notes: [] }

/** What was signed and does not count yet. */
export function waitsSentence(what: string): string {
  return `${what} is signed and waits for a second person: another coordinator or a board member approves it under “People”.`
}

/** Nobody uses the root, and no case keeps its old key, without being told. */
export function outcomeWords(
  title: string,
  { byRoot, stale }: Pick<Outcome, 'byRoot' | 'stale'>,
): OutcomeWords {
  return {
    tone: stale.length > 0 ? 'due' : 'accent',
    title,
    notes: [
      ...(byRoot
        ? ['It is signed with the desk’s root, whose words you gave. Everybody sees that.']
        : []),
      ...stale.map(staleSentence),
      ...(stale.length > 0 ? [STALE_ADVICE] : []),
    ],
  }
}

function staleSentence({ number, why }: StaleCase): string {
  const which =
    number === '' ? 'The open cases keep their old keys' : `Case ${number} keeps its old key`
  return `${which}: ${visibleLine(why)}`
}

const STALE_ADVICE =
  'Nobody writes under an old key. Open each of these cases: your next message there makes its new key first. Where a case says that a check failed, write nothing in it and show it to the other coordinators.'
