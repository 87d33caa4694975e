import { signal } from '@preact/signals'
import type { CaseShown, Failure, MailPlanShown, MailWish, ThreadName } from '#worker'
import { ask } from '../../ask-worker.ts'
import { attempt, onForget, phase } from '../../desk-state.ts'
import { type Leaving, waysOf } from './leaving-words.ts'

type Planned = { readonly id: string; readonly stand: string; readonly plan: MailPlanShown }

/** How an answer to the case that is shown can leave. */
export const planned = signal<Planned | undefined>(undefined)
export const planFailure = signal<Failure | undefined>(undefined)
const chosen = signal<{ readonly id: string; readonly way: Leaving } | undefined>(undefined)
/** Plain words need a second press. */
const agreed = signal('')

onForget(() => {
  planned.value = undefined
  planFailure.value = undefined
  chosen.value = undefined
  agreed.value = ''
})

let asked = ''

/**
 * Again whenever the case changed: it may have been sorted, or another key have come. `look`: the domain of the
 * reporter is asked for a key, which tells it that somebody means to answer.
 */
export async function readPlan(
  { id, stand }: Pick<CaseShown, 'id' | 'stand'>,
  look = false,
): Promise<void> {
  asked = id
  if (planned.peek()?.id !== id) planned.value = undefined
  planFailure.value = undefined
  const done = await attempt(ask('planMail', { id, look }))
  // Another case may be shown by now.
  if (phase.value !== 'open' || asked !== id) return
  if (done.ok) planned.value = { id, stand, plan: done.answer }
  else planFailure.value = done.failure
}

/** What became of the mails, while one waits: nothing is opened for it. */
export async function renewDeliveries(id: string): Promise<void> {
  const before = planned.peek()
  const done = await attempt(ask('lookAtDeliveries', { id }))
  if (phase.value !== 'open' || before?.id !== id || planned.peek() !== before) return
  // One that failed is a new plan as well: it is looked again later.
  planned.value = { ...before, plan: { ...before.plan, ...(done.ok && done.answer) } }
}

export function planFor(id: string): MailPlanShown | undefined {
  return planned.value?.id === id ? planned.value.plan : undefined
}

export function leavingOf(id: string): Leaving {
  const plan = planFor(id)
  const [usual = 'none', ...more] = plan === undefined ? [] : waysOf(plan)
  const wanted = chosen.value?.id === id ? chosen.value.way : usual
  return [usual, ...more].includes(wanted) ? wanted : usual
}

export function chooseLeaving(id: string, way: Leaving): void {
  chosen.value = { id, way }
  agreed.value = ''
}

export function agreeToPlain(id: string): void {
  agreed.value = id
}

/** What goes with a message to this thread; `ask-first` where somebody has to press once more. */
export function wishFor(id: string, thread: ThreadName): MailWish | 'ask-first' | undefined {
  const plan = planFor(id)
  const way = leavingOf(id)
  if (thread !== 'all' || plan === undefined || way === 'none') return undefined
  if (way === 'plain' && agreed.peek() !== id) return 'ask-first'
  return { way, to: plan.to, hash: plan.key.hash }
}

/** The next plain answer is asked about again. */
export function forgetAgreement(): void {
  agreed.value = ''
}
