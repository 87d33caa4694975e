import { ask } from '../../ask-worker.ts'
import { attempt, desk, failure, phase, restored } from '../../desk-state.ts'
import { readPin } from '../../pin.ts'

/** Asks whether there is a desk, before anything of it is shown. */
export async function beginDesk(): Promise<void> {
  failure.value = undefined
  const done = await attempt(ask('begin', readPin()))
  if (!done.ok) {
    if (done.failure.code !== 'alarm') failure.value = done.failure
    return
  }
  const { state, name, domain } = done.answer
  desk.value = { name, domain }
  restored.value = state === 'restored'
  phase.value = state === 'not-set-up' ? 'absent' : 'shut'
}
