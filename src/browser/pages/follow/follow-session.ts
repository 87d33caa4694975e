import { computed, signal } from '@preact/signals'
import type { CaseShown, Failure, Pin } from '#worker'
import type { ask as askWorker, onEvent as onWorkerEvent } from '../../ask-worker.ts'
import { failureOf } from '../../failure-of.ts'
import { wordsIn } from '../../read-back.ts'
import { fileKey } from '../../parts/timeline-rows.ts'
import { fileNameOf, newsOf, withOpened } from './follow-state.ts'

export type FollowDeps = {
  readonly ask: typeof askWorker
  readonly onEvent: typeof onWorkerEvent
  readonly save: (name: string, content: Blob | string) => void
  readonly pin: Pin
  readonly online: boolean
}

/** What runs now; one thing at a time. */
export type Doing = '' | 'opening' | 'sending' | 'proof' | 'looking'
/** A failure, and which act it belongs to. */
export type Trouble = { readonly of: Exclude<Doing, ''> | 'file'; readonly failure: Failure }

type Moved = { readonly done: number; readonly total: number }
type WantedFile = { readonly entry: string; readonly n: number }

/** The same sentence for unknown words, mistyped words and another's words (R23). */
export const NO_CASE = 'These words open no case here.'
const TWELVE = 12

export type FollowSession = ReturnType<typeof createFollowSession>

/** From twelve words to a case and back to nothing. All of it is in the memory of this tab. */
export function createFollowSession({ ask, onEvent, save, pin, online: onlineNow }: FollowDeps) {
  /** `""` before the desk's chain is verified. */
  const deskName = signal('')
  const words = signal('')
  const wordsError = signal('')
  const shown = signal<CaseShown | undefined>(undefined)
  const reply = signal('')
  const files = signal<readonly File[]>([])
  const doing = signal<Doing>('')
  const trouble = signal<Trouble | undefined>(undefined)
  /** The `fileKey` of the file that is being opened for saving. */
  const saving = signal('')
  /** How much of it is there. */
  const saved = signal<Moved | undefined>(undefined)
  /** Files that were asked for meanwhile, in their order. */
  const nextFiles = signal<readonly WantedFile[]>([])
  const progress = signal<Moved | undefined>(undefined)
  const news = signal('')
  const online = signal(onlineNow)
  const left = signal(false)
  /** The worker knows the desk. */
  let prepared = false
  /** The desk ended the visit: words again, and an answer that was begun waits. */
  const ended = signal(false)
  /** Where the entries begin that came while the case was open. */
  const unseenFrom = signal<number | undefined>(undefined)
  const wouldLose = computed(() => reply.value.trim() !== '' || files.value.length > 0)

  onEvent((event) => {
    if (event.event === 'online') setOnline(event.online)
    if (event.event === 'progress') {
      const moved = { done: event.done, total: event.total }
      if (event.id === saving.value) saved.value = moved
      else progress.value = moved
    }
    if (event.event === 'changed') void refresh()
    if (event.event === 'opened' && shown.value?.id === event.id)
      shown.value = withOpened(shown.value, event.entries)
    if (event.event === 'locked' && event.why !== 'left') endVisit()
  })

  /** Reads whose desk this is while the words are typed. A failure is said when they are sent. */
  async function prepare(): Promise<void> {
    if (prepared || pin.desk === '') return
    deskName.value = (await ask('openDesk', pin)).name
    prepared = true
  }

  async function open(): Promise<void> {
    const typed = wordsIn(words.value)
    left.value = false
    ended.value = false
    wordsError.value = countError(typed.length)
    if (wordsError.value !== '') return
    await run('opening', async () => {
      await prepare()
      shown.value = await ask('follow', { words: typed.join(' ') })
      words.value = ''
    })
    if (trouble.value !== undefined && isLookup(trouble.value.failure)) {
      trouble.value = undefined
      wordsError.value = NO_CASE
    }
  }

  function setOnline(now: boolean): void {
    online.value = now
    if (now) void refresh()
  }

  /** Brings what is new. By itself it fails in silence: what is shown stays true, only older. */
  async function refresh(): Promise<void> {
    const before = shown.value
    if (before === undefined || doing.value !== '') return
    try {
      grow(before, await ask('refresh', {}))
    } catch (error) {
      const failure = failureOf(error)
      if (failure.code === 'alarm') trouble.value = { of: 'looking', failure }
      if (failure.code === 'locked') endVisit()
    }
  }

  /** The same when the reporter asks for it: then the answer is said, whatever it is. */
  function lookForNews(): Promise<void> {
    return run('looking', async () => {
      const before = shown.value
      if (before === undefined) return
      news.value = ''
      grow(before, await ask('refresh', {}))
      if (news.value === '') news.value = 'Nothing new.'
    })
  }

  function sendReply(): Promise<void> {
    if (!wouldLose.value) return Promise.resolve()
    return run('sending', async () => {
      const given = { text: reply.value, files: files.value }
      const after = await ask('reply', given)
      news.value = 'Your answer was sent.'
      shown.value = after
      reply.value = ''
      files.value = []
    })
  }

  /** One after the other: a file that is pressed while another comes waits for it. */
  async function saveFile(entry: string, n: number): Promise<void> {
    const key = fileKey(entry, n)
    const asked = nextFiles.value.some((file) => fileKey(file.entry, file.n) === key)
    if (shown.value === undefined || asked || saving.value === key) return
    nextFiles.value = [...nextFiles.value, { entry, n }]
    if (saving.value === '') await saveNext()
  }

  async function saveNext(): Promise<void> {
    trouble.value = undefined
    for (;;) {
      const [file, ...rest] = nextFiles.value
      if (file === undefined || shown.value === undefined) return
      nextFiles.value = rest
      saving.value = fileKey(file.entry, file.n)
      try {
        const content = await ask('readFollowedFile', file)
        // Left meanwhile: nothing comes back.
        if (shown.value !== undefined) save(fileNameOf(shown.value, file.entry, file.n), content)
      } catch (error) {
        fail('file', error)
      } finally {
        saving.value = ''
        saved.value = undefined
      }
    }
  }

  function saveProof(): Promise<void> {
    return run('proof', async () => {
      const { name, text } = await ask('proof', {})
      save(name, text)
    })
  }

  /** The page forgets at once, and the worker ends: the next visit gets a new one. */
  async function leave(): Promise<void> {
    forget()
    left.value = true
    prepared = false
    // The worker ends whatever it answers.
    await ask('leave', {}).catch(() => undefined)
  }

  function forget(): void {
    shown.value = undefined
    words.value = ''
    reply.value = ''
    files.value = []
    nextFiles.value = []
    trouble.value = undefined
    news.value = ''
    ended.value = false
    unseenFrom.value = undefined
    // The engine keeps the text in which a regular expression was found last, whole: now it is this one.
    ''.match(/$/)
  }

  function grow(before: CaseShown, after: CaseShown): void {
    // Left meanwhile: nothing comes back.
    if (shown.value === undefined) return
    const said = newsOf(before, after)
    if (said !== '') news.value = said
    if (after.entries.length > before.entries.length) unseenFrom.value = after.unseenFrom
    shown.value = after
  }

  function fail(what: Trouble['of'], error: unknown): void {
    const failure = failureOf(error)
    if (failure.code === 'locked') endVisit()
    else trouble.value = { of: what, failure }
  }

  function endVisit(): void {
    if (left.value) return
    shown.value = undefined
    nextFiles.value = []
    ended.value = true
  }

  async function run(what: Exclude<Doing, ''>, act: () => Promise<void>): Promise<void> {
    if (doing.value !== '') return
    doing.value = what
    trouble.value = undefined
    try {
      await act()
    } catch (error) {
      fail(what, error)
    } finally {
      doing.value = ''
      progress.value = undefined
    }
  }

  return {
    deskName,
    words,
    wordsError,
    shown,
    reply,
    files,
    doing,
    trouble,
    saving,
    saved,
    nextFiles,
    progress,
    news,
    online,
    left,
    ended,
    unseenFrom,
    wouldLose,
    setOnline,
    prepare,
    open,
    refresh,
    lookForNews,
    sendReply,
    saveFile,
    saveProof,
    leave,
  }
}

function countError(count: number): string {
  if (count === TWELVE) return ''
  if (count === 0) return 'Type or paste the twelve words of your receipt.'
  return `A receipt has twelve words; ${count === 1 ? 'this is one' : `these are ${String(count)}`}.`
}

/** Whatever the reason, nobody learns which words exist. A failed check (H1, H3) is no such reason. */
function isLookup({ code }: Failure): boolean {
  return code === 'not-found' || code === 'code'
}
