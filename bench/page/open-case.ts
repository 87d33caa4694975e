import type {
  AnswerTo,
  AskOf,
  CaseShown,
  FromWorker,
  Operations,
  ToWorker,
  WorkerEvent,
} from '#worker'
import { fillEntries } from '../../src/browser/pages/case/case-fill.ts'
import type { Visit, Visited } from '../visits.ts'

/*
 * Stands on a page of the desk's own origin and speaks to its real worker, as `ask-worker.ts` does. Times
 * are those between the question and the answer, so they hold fetching, folding, opening and copying.
 */

const PAUSE = 1000

/** One person comes, unlocks, looks at the queue, opens the case, and opens it again. */
async function visit({ worker: url, desk, keyFile, passphrase, id }: Visit): Promise<Visited> {
  const worker = new Worker(url)
  try {
    const { ask, onEvent } = speakTo(worker)
    await ask('begin', { desk, origin: location.origin })
    await ask('unlockWithKeyFile', { text: keyFile, passphrase })
    await ask('queuePage', { lane: 'all', sort: '', after: '' })
    const began = performance.now()
    const left = new Set<string>()
    let shown: CaseShown | undefined
    const early: WorkerEvent[] = []
    const whole = new Promise<number>((resolve) => {
      const hear = (event: WorkerEvent) => {
        if (event.event !== 'opened') return
        if (shown === undefined) return early.push(event)
        shown = fillEntries(shown, event.entries)
        for (const entry of event.entries) left.delete(entry.id)
        if (left.size === 0) resolve(performance.now() - began)
        return undefined
      }
      onEvent(hear)
      const open = async () => {
        const answer = await ask('openCase', { id, stand: '' })
        shown = answer.shown
        for (const entry of shown.entries) if (entry.kind === 'sealed') left.add(entry.id)
        first = performance.now() - began
        opened = messagesOf(shown)
        if (left.size === 0) resolve(first)
        for (const event of early) hear(event)
      }
      void open()
    })
    let first = 0
    let opened = 0
    const last = await whole
    // Nobody comes back in the same moment: what goes on by itself is done by then.
    await new Promise((resolve) => setTimeout(resolve, PAUSE))
    const again = performance.now()
    const next = await ask('openCase', { id, stand: shown?.stand ?? '' })
    const later = performance.now() - again
    // As the page does: what is the same is shown as it was kept.
    const kept = next.same ? shown : next.shown
    return { first, whole: last, later, opened, messages: messagesOf(kept) }
  } finally {
    worker.terminate()
  }
}

function messagesOf(shown: CaseShown | undefined): number {
  return shown?.entries.filter(({ kind }) => kind === 'message').length ?? 0
}

function speakTo(worker: Worker) {
  let last = 0
  const waiting = new Map<number, (message: FromWorker) => void>()
  const listeners: ((event: WorkerEvent) => void)[] = []
  worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
    if ('event' in data) for (const listener of listeners) listener(data.event)
    else waiting.get(data.id)?.(data)
  })
  const ask = <N extends keyof Operations>(op: N, given: AskOf<Operations, N>) =>
    new Promise<AnswerTo<Operations, N>>((resolve, reject) => {
      const id = ++last
      waiting.set(id, (message) => {
        waiting.delete(id)
        if ('failure' in message) reject(new Error(`${op}: ${message.failure.message}`))
        else if ('answer' in message) resolve(message.answer as AnswerTo<Operations, N>)
      })
      const message: ToWorker = { id, op, ask: given }
      worker.postMessage(message)
    })
  return { ask, onEvent: (listener: (event: WorkerEvent) => void) => listeners.push(listener) }
}

/** What a worker of the bench answers to a bare question. */
function bare(url: string, given?: number): Promise<unknown> {
  const worker = new Worker(url)
  return new Promise<unknown>((resolve, reject) => {
    worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => resolve(data))
    worker.addEventListener('error', ({ message }) => reject(new Error(message)))
    if (given !== undefined) worker.postMessage(given)
  }).finally(() => worker.terminate())
}

Object.assign(globalThis, { visit, bare })
