import { failureOf } from './failure-of.ts'
import type {
  AnswerTo,
  AskOf,
  Failure,
  FromWorker,
  Operations,
  ToWorker,
  WorkerEvent,
} from './operations.ts'

/** One handler for each thing that this worker can do. */
export type Handlers<O> = { readonly [N in keyof O]: (ask: AskOf<O, N>) => Promise<AnswerTo<O, N>> }

export type Say = (event: WorkerEvent) => void

/** Says something to the page without being asked. */
export function say(event: WorkerEvent): void {
  send({ event })
}

/**
 * Answers the page, one message for each. After an alarm nothing is done any more, whatever is asked
 * (PROTOCOL 3): a page cannot click it away.
 */
export function servePage<N extends keyof Operations>(
  handlers: Handlers<Pick<Operations, N>>,
  evidence: () => Failure['evidence'],
): void {
  let alarm: Failure | undefined
  const isOwn = (op: string): op is N => Object.hasOwn(handlers, op)
  // Both ends are built from one list of operations: what is asked of `op` has its type.
  const handle = <K extends N>(op: K, ask: unknown) =>
    handlers[op](ask as AskOf<Pick<Operations, N>, K>)
  addEventListener('message', (message: MessageEvent<ToWorker>) => {
    const { id, op, ask } = message.data
    const answer = async () => {
      if (alarm !== undefined) return send({ id, failure: alarm })
      try {
        if (!isOwn(op)) throw new RangeError('No such operation.')
        send({ id, answer: (await handle(op, ask)) ?? {} })
      } catch (error) {
        const failure = failureOf(error, evidence())
        if (failure.code === 'alarm') {
          alarm = failure
          say({ event: 'alarm', failure })
        }
        if (failure.code === 'locked') say({ event: 'locked', why: 'ended' })
        send({ id, failure: alarm ?? failure })
      }
    }
    void answer()
  })
}

function send(message: FromWorker): void {
  // In a worker there is no other window to reach: the page that made it, and nobody else.
  postMessage(message)
}
