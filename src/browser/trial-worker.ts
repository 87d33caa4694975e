import type { AnswerTo, AskOf, Operations, WorkerEvent } from '#worker'
import type { ask as askWorker } from './ask-worker.ts'

/** What a test lets the worker answer. */
export type Answers = {
  [N in keyof Operations]?: (
    given: AskOf<Operations, N>,
  ) => AnswerTo<Operations, N> | Promise<AnswerTo<Operations, N>>
}

/** For tests of a page: a worker that answers as the test says, and is asked for nothing else. */
export function trialWorker(answers: Answers) {
  const asked: (readonly [op: string, given: unknown])[] = []
  let hear: (event: WorkerEvent) => void = () => undefined
  const ask: typeof askWorker = async (op, given) => {
    asked.push([op, given])
    const answer = answers[op]
    if (answer === undefined) throw new RangeError(`This test says nothing about ${op}.`)
    return answer(given)
  }
  return {
    ask,
    /** What was asked so far. */
    asked,
    onEvent: (listener: (event: WorkerEvent) => void) => {
      hear = listener
      return () => undefined
    },
    say: (event: WorkerEvent) => hear(event),
  }
}
