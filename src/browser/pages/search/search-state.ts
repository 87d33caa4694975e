import { signal } from '@preact/signals'
import type { Failure, FoundShown } from '#worker'
import { ask } from '../../ask-worker.ts'
import { attempt, onForget, phase } from '../../desk-state.ts'

/** What is searched for never stands in the address: addresses stay in histories. */
export const searchText = signal('')
export const found = signal<(FoundShown & { readonly text: string }) | undefined>(undefined)
export const searchFailure = signal<Failure | undefined>(undefined)

let run = 0

onForget(() => {
  run++
  searchText.value = ''
  found.value = undefined
  searchFailure.value = undefined
})

export async function search(): Promise<void> {
  const mine = ++run
  const text = searchText.value.trim()
  if (text === '') {
    found.value = undefined
    return
  }
  const done = await attempt(ask('search', { text }))
  if (mine !== run || phase.value !== 'open') return
  searchFailure.value = done.ok ? undefined : done.failure
  if (done.ok) found.value = { ...done.answer, text }
}
