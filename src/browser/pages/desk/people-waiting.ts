import { effect, signal } from '@preact/signals'
import type { PeopleShown } from '#worker'
import { ask } from '../../ask-worker.ts'
import { attempt, onForget, phase } from '../../desk-state.ts'
import { people } from '../people/people-state.ts'
import { maySign } from './may-sign.ts'

/** How much under People waits for this coordinator. */
export const peopleWaiting = signal(0)

/** One statement is often followed by a second, and the queue is read first. */
const PAUSE = 1500

let soon: ReturnType<typeof setTimeout> | undefined

onForget(() => {
  clearTimeout(soon)
  peopleWaiting.value = 0
})

// Whoever is at the page of people sees there what is left, and the count beside it says the same.
effect(() => {
  if (people.value !== undefined) peopleWaiting.value = waitingIn(people.value)
})

/** Asks again, soon: when the desk opens, when the ledger grew, and when somebody comes back to the window. */
export function countPeopleSoon(): void {
  clearTimeout(soon)
  if (maySign('invite')) soon = setTimeout(() => void count(), PAUSE)
}

/** Approvals that this person may give, answers at the door, and keys that somebody asks back. */
export function waitingIn({ pending, applicants, recoveries }: WaitingShown): number {
  const approvals = pending.filter(({ mine }) => mine).length
  const lost = recoveries.filter(({ released }) => !released).length
  return approvals + applicants.length + lost
}

type WaitingShown = Pick<PeopleShown, 'applicants'> & {
  readonly pending: readonly Pick<PeopleShown['pending'][number], 'mine'>[]
  readonly recoveries: readonly Pick<PeopleShown['recoveries'][number], 'released'>[]
}

async function count(): Promise<void> {
  const done = await attempt(ask('listPeople', {}))
  // Silent: the next growth of the ledger asks again.
  if (done.ok && phase.value === 'open') peopleWaiting.value = waitingIn(done.answer)
}
