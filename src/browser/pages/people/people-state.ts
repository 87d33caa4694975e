import { signal } from '@preact/signals'
import type { PeopleShown } from '#worker'
import { ask } from '../../ask-worker.ts'
import { onForget, say } from '../../desk-state.ts'
import { NO_OUTCOME, type OutcomeWords } from './people-outcome.ts'

/** The people of the desk as this machine verified them last; `undefined` before, and after a lock. */
export const people = signal<PeopleShown | undefined>(undefined)
/** The dialog that asks whom to invite. */
export const inviting = signal(false)
/** What the last act came to. */
export const outcome = signal<OutcomeWords>(NO_OUTCOME)

onForget(() => {
  people.value = undefined
  inviting.value = false
  outcome.value = NO_OUTCOME
})

export async function readPeople(): Promise<void> {
  people.value = await ask('listPeople', {})
}

/** Reads again behind what is shown already; where that fails, the old list stays. */
export function readPeopleSoon(): void {
  readPeople().catch(() => undefined)
}

/** After an act: the people of now, and what it came to. */
export function settlePeople(next: PeopleShown, words: OutcomeWords | string): void {
  const shown = typeof words === 'string' ? { ...NO_OUTCOME, title: words } : words
  people.value = next
  outcome.value = shown
  say([shown.title, ...shown.notes].join(' '))
}

/** The same where the row itself shows it: one goes on with the next row. */
export function settleQuietly(next: PeopleShown, sentence: string): void {
  people.value = next
  outcome.value = NO_OUTCOME
  say(sentence)
}
