import { signal } from '@preact/signals'
import type { CaseShown, Failure } from '#worker'
import { ask, onEvent } from '../../ask-worker.ts'
import { fileKey } from '../../parts/timeline-rows.ts'
import { saveFile } from '../../save-file.ts'
import { attempt, type Done, onForget, phase, say } from '../../desk-state.ts'
import { keepCase, knownCase, readCase } from './case-memory.ts'
import { newEntriesWords } from './case-words.ts'
import { countLanes, settle } from '../queue/queue-state.ts'

/** The case page's own state: one case at a time. What was opened stands in the case memory. */
export const openingFailure = signal<Failure | undefined>(undefined)
/** What is being signed, as the button says it; `""` at rest. */
export const acting = signal('')
export const actFailure = signal<Failure | undefined>(undefined)
/** The file that is being saved, and how far; by `fileKey`. */
export const saving = signal('')
export const saved = signal({ done: 0, total: 0 })
export const savingFailure = signal<Failure | undefined>(undefined)
/** How many entries came while the case was shown; `""` when none did. */
export const news = signal('')

/** An entry that a search found, to be shown when its case opens. */
export const reveal = signal({ id: '', seq: -1 })

/** The case that was read anew since it was gone to: what is shown of it before may miss the newest. */
export const readAnew = signal('')

/** Marks of new entries stay while a case is shown; opening it again forgets what was new. */
let firstUnseen = { id: '', seq: 0 }
let refreshing: ReturnType<typeof setTimeout> | undefined

onForget(() => {
  forgetCase()
  firstUnseen = { id: '', seq: 0 }
  reveal.value = { id: '', seq: -1 }
})

export function forgetCase(): void {
  clearTimeout(refreshing)
  openingFailure.value = undefined
  acting.value = ''
  actFailure.value = undefined
  saving.value = ''
  savingFailure.value = undefined
  news.value = ''
  readAnew.value = ''
}

/** The first entry that this machine had not seen when the case was opened. */
export function unseenFrom(shown: CaseShown): number {
  return firstUnseen.id === shown.id ? firstUnseen.seq : shown.unseenFrom
}

export async function openCasePage(id: string): Promise<void> {
  forgetCase()
  const known = knownCase(id)
  firstUnseen = known === undefined ? { id: '', seq: 0 } : { id, seq: known.unseenFrom }
  const done = await readCase(id)
  if (phase.value !== 'open') return
  if (!done.ok) {
    openingFailure.value = done.failure
    return
  }
  if (firstUnseen.id !== id) firstUnseen = { id, seq: done.answer.unseenFrom }
  readAnew.value = id
  settle(done.answer)
}

/** The ledger grew: the case is read again, quietly, and what came is counted. */
export function refreshCaseSoon(id: string): void {
  clearTimeout(refreshing)
  refreshing = setTimeout(() => void refresh(id), 400)
}

async function refresh(id: string): Promise<void> {
  const before = knownCase(id)
  if (before === undefined || acting.value !== '' || phase.value !== 'open') return
  const done = await readCase(id)
  if (!done.ok) return
  settle(done.answer)
  const words = newEntriesWords(before.entries.length, done.answer.entries.length)
  if (words === '') return
  news.value = words
  say(`${words}.`)
}

/** Signs one act on the case that is shown. The page shows what the worker checked afterwards. */
export async function actOnCase(
  doing: string,
  done: string,
  act: Promise<CaseShown>,
): Promise<Done<CaseShown>> {
  acting.value = doing
  actFailure.value = undefined
  const tried = await attempt(act)
  if (phase.value !== 'open') return tried
  acting.value = ''
  if (!tried.ok) {
    actFailure.value = tried.failure
    return tried
  }
  settle(keepCase(tried.answer))
  void countLanes()
  say(done)
  return tried
}

/** Reads a file whole, checks it to its end, and offers it for saving. It is never shown. */
export async function saveAttachment(shown: CaseShown, entry: string, n: number): Promise<void> {
  const message = shown.entries.find(({ id }) => id === entry)
  const file = message?.kind === 'message' ? message.files[n] : undefined
  if (file === undefined || saving.value !== '') return
  saving.value = fileKey(entry, n)
  saved.value = { done: 0, total: file.size }
  savingFailure.value = undefined
  const stop = onEvent((event) => {
    if (event.event === 'progress' && event.id.startsWith(`${shown.id} `))
      saved.value = { done: event.done, total: event.total }
  })
  const done = await attempt(ask('readFile', { id: shown.id, entry, n }))
  stop()
  saving.value = ''
  if (!done.ok) {
    savingFailure.value = done.failure
    return
  }
  saveFile(file.name, done.answer)
  say(`${file.name} was checked to its end and given to you for saving.`)
}
