import type {
  AnswerTo,
  AskOf,
  Failure,
  FromWorker,
  Operations,
  ToWorker,
  WorkerEvent,
} from '#worker'
import { startOwnWorker } from './own-worker.ts'

/** The worker did not do it. `failure.message` is a sentence for the person. */
export class Failed extends Error {
  override readonly name = 'Failed'
  readonly failure: Failure

  constructor(failure: Failure) {
    super(failure.message)
    this.failure = failure
  }
}

type Waiting = {
  /** After this answer the worker ends, and why. */
  readonly leaves: 'asked' | 'left' | undefined
  readonly resolve: (answer: unknown) => void
  readonly reject: (failed: Failed) => void
}

let worker: Worker | undefined
let kind: 'reporter' | 'claim' | 'member' = 'reporter'
let lastId = 0
const waiting = new Map<number, Waiting>()
const listeners = new Set<(event: WorkerEvent) => void>()

/** The one thread that holds keys. It dies with the page, and when the person locks. */
export function startWorker(which: typeof kind): void {
  kind = which
  worker = startOwnWorker(which)
  worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => hear(data))
  worker.addEventListener('error', () =>
    failAll('This page could not start its sealed part. Load it again.', 'bug'),
  )
}

/** Asks the worker for one thing. Rejects with `Failed`. */
export function ask<N extends keyof Operations>(
  op: N,
  given: AskOf<Operations, N>,
): Promise<AnswerTo<Operations, N>> {
  return new Promise((resolve, reject) => {
    const id = ++lastId
    const leaves = LEAVES.get(op)
    waiting.set(id, {
      leaves,
      // Both ends are built from one list of operations: what answers `op` has its type.
      resolve: (answer) => resolve(answer as AnswerTo<Operations, N>),
      reject,
    })
    const message: ToWorker = { id, op, ask: given }
    worker?.postMessage(message)
  })
}

/** Hears what the worker says by itself. Returns how to stop. */
export function onEvent(listener: (event: WorkerEvent) => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function hear(message: FromWorker): void {
  if ('event' in message) {
    for (const listener of listeners) listener(message.event)
    return
  }
  const asked = waiting.get(message.id)
  waiting.delete(message.id)
  if ('failure' in message) asked?.reject(new Failed(message.failure))
  else asked?.resolve(message.answer)
  if (asked?.leaves !== undefined) endWorker(asked.leaves)
}

/** After these the worker ends: the person locked, logged out, or closed their report. */
const LEAVES: ReadonlyMap<keyof Operations, 'asked' | 'left'> = new Map([
  ['lock', 'asked'],
  ['logOut', 'left'],
  ['leave', 'left'],
])

/** Keys and texts leave memory for certain only with the thread that held them (R08). */
export function endWorker(why: 'asked' | 'left' | 'other-tab'): void {
  worker?.terminate()
  startWorker(kind)
  failAll('The desk is locked on this machine.', 'locked')
  for (const listener of listeners) listener({ event: 'locked', why })
}

function failAll(message: string, code: Failure['code']): void {
  const failure: Failure = { code, message, check: '', evidence: [] }
  for (const { reject } of waiting.values()) reject(new Failed(failure))
  waiting.clear()
}
