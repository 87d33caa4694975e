import { ask } from '../../ask-worker.ts'
import { attempt, singleKeys } from '../../desk-state.ts'
import { setSingleKeys } from '../../keyboard.ts'

/** Where the choice is kept: sealed with the drafts, on this machine. */
const PLACE = 'single-keys'

/** WCAG 2.1.4: whoever speaks to their machine switches single keys off. */
export function switchSingleKeys(on: boolean): void {
  singleKeys.value = on
  setSingleKeys(on)
  void attempt(ask('keepDraft', { place: PLACE, text: on ? '' : 'off' }))
}

export async function readSingleKeys(): Promise<void> {
  const done = await attempt(ask('readDraft', { place: PLACE }))
  if (!done.ok) return
  singleKeys.value = done.answer.text !== 'off'
  setSingleKeys(singleKeys.value)
}
