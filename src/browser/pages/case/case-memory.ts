import { signal } from '@preact/signals'
import type { CaseShown } from '#worker'
import { ask, onEvent } from '../../ask-worker.ts'
import { attempt, type Done, onForget, phase } from '../../desk-state.ts'
import { fillEntries } from './case-fill.ts'

/** So many opened cases stay for the reading pane; the others are asked of the worker again. */
const KEPT = 24

/** Cases as they were last opened and checked, the oldest first. Gone when the desk shuts. */
const cases = signal<ReadonlyMap<string, CaseShown>>(new Map())

onForget(() => {
  cases.value = new Map()
})

export function knownCase(id: string): CaseShown | undefined {
  return cases.value.get(id)
}

/** Keeps what an act answered, so that every part of the page shows it. */
export function keepCase(shown: CaseShown): CaseShown {
  // An answer that comes after the lock was for somebody who has left.
  if (phase.value !== 'open') return shown
  const all = new Map(cases.value)
  all.delete(shown.id)
  all.set(shown.id, shown)
  for (const id of all.keys()) if (all.size > KEPT) all.delete(id)
  cases.value = all
  return shown
}

export async function readCase(id: string): Promise<Done<CaseShown>> {
  const before = cases.value.get(id)
  const done = await attempt(ask('openCase', { id, stand: before?.stand ?? '' }))
  if (!done.ok) return done
  const { same, shown } = done.answer
  // Entries that were opened while this was asked came by themselves, into what is kept.
  const { entries } = (same ? (cases.value.get(id) ?? before) : undefined) ?? shown
  return { ok: true, answer: keepCase({ ...shown, entries }) }
}

/** Listens for entries that were opened after the first screen. */
export function startCaseMemory(): void {
  onEvent((event) => {
    if (event.event !== 'opened') return
    const shown = cases.value.get(event.id)
    if (shown === undefined) return
    cases.value = new Map(cases.value).set(event.id, fillEntries(shown, event.entries))
  })
}
