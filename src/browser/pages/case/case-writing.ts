import { signal } from '@preact/signals'
import type { CaseShown, Failure, PersonShown, ThreadName } from '#worker'
import { ask, onEvent } from '../../ask-worker.ts'
import { attempt, onForget, phase, say } from '../../desk-state.ts'
import { keepCase, knownCase, readCase } from './case-memory.ts'
import { forgetAgreement, wishFor } from './mail-leaving.ts'
import { draftText, readDraft } from './case-draft.ts'
import { readersDiffer } from './case-words.ts'
import { settle } from '../queue/queue-state.ts'

/** What is being written in the case that is shown. */
export type Writing = {
  readonly id: string
  readonly thread: ThreadName
  readonly text: string
  readonly files: readonly File[]
  /** Names of files that were attached before a lock or a reload, and are not here any more. */
  readonly gone: readonly string[]
  /** Who read the thread when the first letter was typed: they are whom the writer has in mind. */
  readonly meant: readonly PersonShown[] | undefined
}

export type SendFailure =
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'readers'; readonly now: number }
  /** Plain words leave after a second press. */
  | { readonly kind: 'plain'; readonly close: boolean }

const NOTHING: Writing = { id: '', thread: 'all', text: '', files: [], gone: [], meant: undefined }
/** How long after the last letter a draft is put away. */
const PAUSE = 600

export const writing = signal<Writing>(NOTHING)
export const sending = signal('')
export const sendFailure = signal<SendFailure | undefined>(undefined)
/** A draft stands sealed on this machine. */
export const draftKept = signal(false)
export const upload = signal<{ readonly done: number; readonly total: number } | undefined>(
  undefined,
)

let timer: ReturnType<typeof setTimeout> | undefined

onForget(() => {
  clearTimeout(timer)
  writing.value = NOTHING
  sending.value = ''
  sendFailure.value = undefined
  draftKept.value = false
  upload.value = undefined
})

/** Begins at a case; what was written there before comes back with its thread. */
export async function beginWriting(shown: CaseShown, thread: ThreadName): Promise<void> {
  if (writing.value.id === shown.id) return
  await putDraftAway()
  writing.value = { ...NOTHING, id: shown.id, thread }
  sendFailure.value = undefined
  draftKept.value = false
  const done = await attempt(ask('readDraft', { place: shown.id }))
  const still = writing.value
  if (!done.ok || still.id !== shown.id || still.text !== '') return
  const writable = shown.threads.filter((each) => each.writable).map((each) => each.thread)
  const draft = readDraft(done.answer.text, writable)
  if (draft === undefined) return
  const { files: gone, ...words } = draft
  writing.value = { ...still, ...words, gone, meant: readersOf(shown, draft.thread) }
  draftKept.value = true
}

/** The thread that is looked at is the one that is written to, unless something is written already. */
export function followThread(thread: ThreadName): void {
  const { text, files, gone } = writing.value
  if (text === '' && files.length + gone.length === 0) writing.value = { ...writing.value, thread }
}

export function writeTo(thread: ThreadName): void {
  change({ thread, meant: readersOf(knownCase(writing.value.id), thread) })
}

export function write(text: string): void {
  const { id, thread, meant } = writing.value
  change({ text, meant: text === '' ? undefined : (meant ?? readersOf(knownCase(id), thread)) })
}

export function attach(files: readonly File[]): void {
  const { id, thread, meant, gone } = writing.value
  const back = new Set(files.map(({ name }) => name))
  const missing = gone.filter((name) => !back.has(name))
  change({ files, gone: missing, meant: meant ?? readersOf(knownCase(id), thread) })
}

/** The message goes without the files that were attached before. */
export function letGo(): void {
  change({ gone: [] })
}

/** The readers are as they should be, says the writer. */
export function acceptReaders(): void {
  const { id, thread } = writing.value
  change({ meant: readersOf(knownCase(id), thread) })
}

/**
 * Seals and sends. Nothing goes out when who reads changed since the first letter: the page says so, and
 * the writer sends again or does not. The worker refuses as well when readers change on the way.
 */
export async function send(close: boolean): Promise<boolean> {
  const { id, thread, text, files, meant } = writing.value
  const readers = readersOf(knownCase(id), thread) ?? []
  if (sending.value !== '') return false
  if (meant !== undefined && readersDiffer(meant, readers)) {
    sendFailure.value = { kind: 'readers', now: readers.length }
    return false
  }
  const mail = wishFor(id, thread)
  if (mail === 'ask-first') {
    sendFailure.value = { kind: 'plain', close }
    return false
  }
  sending.value = close ? 'Sealing, sending and closing' : 'Sealing and sending'
  sendFailure.value = undefined
  await putDraftAway()
  const stop = onEvent((event) => {
    if (event.event === 'progress' && event.id.startsWith(`${id} `))
      upload.value = { done: event.done, total: event.total }
  })
  const done = await attempt(
    ask('send', { id, thread, text, files, readers: readers.map(({ who }) => who), close, mail }),
  )
  stop()
  if (phase.value !== 'open') return false
  sending.value = ''
  upload.value = undefined
  if (!done.ok) {
    sendFailure.value = { kind: 'failed', failure: done.failure }
    // Who reads may be what changed: the next try shows it.
    if (done.failure.code === 'problem') void readCase(id)
    return false
  }
  settle(keepCase(done.answer))
  forgetAgreement()
  writing.value = { ...NOTHING, id, thread }
  // A draft that stayed would be sent twice: until it is gone, every lock and every change of case tries again.
  await putDraftAway()
  say(
    `Sealed and sent to ${String(readers.length)} people.${mail === undefined ? '' : ' A mail is on its way.'}`,
  )
  return true
}

/** Puts what is written away, sealed; before a lock, and when another case is opened. */
export async function putDraftAway(): Promise<void> {
  clearTimeout(timer)
  const { id, thread, text, files, gone } = writing.value
  const kept = draftText({ thread, text, files: [...files.map(({ name }) => name), ...gone] })
  if (id === '' || (kept === '' && !draftKept.value)) return
  const done = await attempt(ask('keepDraft', { place: id, text: kept }))
  if (done.ok && writing.value.id === id) draftKept.value = kept !== ''
}

function change(part: Partial<Writing>): void {
  writing.value = { ...writing.value, ...part }
  if (sendFailure.value?.kind === 'readers') sendFailure.value = undefined
  clearTimeout(timer)
  timer = setTimeout(() => void putDraftAway(), PAUSE)
}

function readersOf(
  shown: CaseShown | undefined,
  thread: ThreadName,
): readonly PersonShown[] | undefined {
  return shown?.threads.find((each) => each.thread === thread)?.readers
}
