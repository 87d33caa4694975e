import { computed, effect, signal } from '@preact/signals'
import type { DeskShown, Failure, Pin, ReceiptShown } from '#worker'
import { type ask as askWorker, Failed, type onEvent as onWorkerEvent } from '../../ask-worker.ts'
import { failureOf } from '../../failure-of.ts'
import {
  type Attachment,
  isMoving,
  isWorthAnotherTry,
  newAttachment,
  noteAttached,
  noteProgress,
  noteSending,
  wasCutOff,
} from './report-attachments.ts'
import { EMPTY_FORM, errorsOf, hasContent, type ReportForm, reportOf } from './report-form.ts'

export type SessionDeps = {
  readonly ask: typeof askWorker
  readonly onEvent: typeof onWorkerEvent
  readonly pin: Pin
  readonly online: boolean
}

export type DeskPlace =
  | { readonly state: 'opening' }
  /** The page came without a pin: nobody set this desk up yet. */
  | { readonly state: 'none' }
  | { readonly state: 'open'; readonly desk: DeskShown }
  | { readonly state: 'failed'; readonly failure: Failure }

export type Sending = '' | 'files' | 'report'

export type ReportSession = ReturnType<typeof createReportSession>

/**
 * One report from the first key to the receipt. All of it is in the memory of this tab; a failure
 * changes nothing of what was typed, and the same press sends again.
 */
export function createReportSession({ ask, onEvent, pin, online: onlineNow }: SessionDeps) {
  const place = signal<DeskPlace>({ state: 'opening' })
  const form = signal<ReportForm>(EMPTY_FORM)
  const attachments = signal<readonly Attachment[]>([])
  const online = signal(onlineNow)
  const sending = signal<Sending>('')
  const failure = signal<Failure | undefined>(undefined)
  const receipt = signal<ReceiptShown | undefined>(undefined)
  /** The reporter says that the words are kept. */
  const kept = signal(false)
  /** Counts the presses: errors are shown from the first on, and each press shows them anew. */
  const presses = signal(0)

  const found = computed(() => errorsOf(form.value, attachments.value))
  const errors = computed(() => (presses.value === 0 ? {} : found.value))
  /** Closing the tab now would lose something that exists nowhere else. */
  const wouldLose = computed(() =>
    receipt.value === undefined ? hasContent(form.value, attachments.value) : !kept.value,
  )

  let lastId = 0
  let opening: Promise<void> | undefined

  onEvent((event) => {
    if (event.event === 'online') setOnline(event.online)
    if (event.event === 'progress')
      attachments.value = noteProgress(attachments.value, event.id, event.done)
    if (event.event === 'attached')
      attachments.value = noteAttached(attachments.value, event.id, event.failure)
  })

  /** Reads and checks whose desk this is. Files that wait begin to move. */
  function openDesk(): Promise<void> {
    opening ??= readDesk().finally(() => (opening = undefined))
    return opening
  }

  async function readDesk(): Promise<void> {
    if (pin.desk === '') {
      place.value = { state: 'none' }
      return
    }
    try {
      place.value = { state: 'open', desk: await ask('openDesk', pin) }
      await Promise.all(attachments.value.filter(waits).map(begin))
    } catch (error) {
      place.value = { state: 'failed', failure: failureOf(error) }
    }
  }

  async function begin({ id, file }: Attachment): Promise<void> {
    attachments.value = noteSending(attachments.value, id)
    try {
      await ask('attach', { id, file })
    } catch (error) {
      attachments.value = noteAttached(attachments.value, id, failureOf(error))
    }
  }

  function addFiles(files: readonly File[]): void {
    const fresh = files.map((file) => newAttachment(`file-${++lastId}`, file))
    attachments.value = [...attachments.value, ...fresh]
    if (place.value.state === 'open') for (const each of fresh.filter(waits)) void begin(each)
  }

  function removeFile(id: string): void {
    const gone = attachments.value.find((each) => each.id === id)
    attachments.value = attachments.value.filter((each) => each.id !== id)
    // What the desk has of it is named by no statement and swept after a day, also if this is not heard.
    if (gone !== undefined && !waits(gone)) ask('removeAttachment', { id }).catch(() => undefined)
  }

  function retryFile(id: string): void {
    const again = attachments.value.find((each) => each.id === id)
    if (again !== undefined && isWorthAnotherTry(again)) void begin(again)
  }

  /** Files that were cut off go on by themselves; the report is sent by a press and never otherwise. */
  function setOnline(now: boolean): void {
    online.value = now
    if (!now) return
    if (place.value.state === 'failed') void openDesk()
    for (const each of attachments.value.filter(wasCutOff)) void begin(each)
  }

  /** Seals and sends. Whatever fails, text and files stay, and the next press goes on from there. */
  async function send(): Promise<void> {
    if (sending.value !== '' || receipt.value !== undefined) return
    failure.value = undefined
    sending.value = 'files'
    try {
      await bringFiles()
      presses.value += 1
      if (Object.keys(found.value).length > 0) return
      if (place.value.state === 'failed') throw new Failed(place.value.failure)
      if (place.value.state !== 'open') return
      sending.value = 'report'
      receipt.value = await ask('fileReport', reportOf(form.value))
      form.value = EMPTY_FORM
      attachments.value = []
    } catch (error) {
      failure.value = failureOf(error)
    } finally {
      sending.value = ''
    }
  }

  /** Waits for what is on its way, and tries once more what was cut off. Nothing waits for a form with mistakes. */
  async function bringFiles(): Promise<void> {
    const { files: _, ...others } = found.value
    if (Object.keys(others).length > 0) return
    if (place.value.state !== 'open') await openDesk()
    if (place.value.state !== 'open') return
    await Promise.all(attachments.value.filter(isWorthAnotherTry).map(begin))
    await settled()
  }

  function settled(): Promise<void> {
    return new Promise((resolve) => {
      const stop = effect(() => {
        if (isMoving(attachments.value)) return
        resolve()
        queueMicrotask(() => stop())
      })
    })
  }

  return {
    place,
    form,
    attachments,
    online,
    sending,
    failure,
    receipt,
    kept,
    presses,
    errors,
    wouldLose,
    openDesk,
    addFiles,
    removeFile,
    retryFile,
    setOnline,
    send,
  }
}

function waits({ state }: Attachment): boolean {
  return state === 'waiting'
}
