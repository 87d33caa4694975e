import { type VerifySignature, verifySignature } from '#seal'

/** Signatures to verify, each by whom, over what, and the signature itself. */
export type ToVerify = {
  readonly n: number
  readonly signatures: readonly Parameters<VerifySignature>[]
}

/** It is there; or which of them hold, in their order. */
export type FromVerify =
  { readonly ready: true } | { readonly n: number; readonly hold: readonly boolean[] }

/** What this needs of a worker. */
export type VerifyingThread = {
  readonly postMessage: (message: ToVerify) => void
  readonly listen: (hear: (message: FromVerify) => void, failed: () => void) => void
}

/** The other thread begins while this one still reads what comes next. */
const AT_ONCE = 64

type Asked = {
  readonly signature: Parameters<VerifySignature>
  readonly answer: (holds: boolean | Promise<boolean>) => void
}

/**
 * Verifies signatures in a thread that holds no key, while this one goes on reading. It is the same
 * verification in both: where the other thread is not there yet, or ends, this one does the work.
 */
export function verifyBeside(start: () => VerifyingThread): VerifySignature {
  const sent = new Map<number, readonly Asked[]>()
  let waiting: Asked[] = []
  let last = 0
  let there = false
  let thread: VerifyingThread | undefined

  const flush = () => {
    if (waiting.length === 0) return
    const asked = waiting
    waiting = []
    sent.set(++last, asked)
    thread?.postMessage({ n: last, signatures: asked.map(({ signature }) => signature) })
  }
  const hear = (message: FromVerify) => {
    if ('ready' in message) {
      there = true
      return
    }
    const asked = sent.get(message.n) ?? []
    sent.delete(message.n)
    for (const [at, { answer }] of asked.entries()) answer(message.hold[at] === true)
  }
  const failed = () => {
    there = false
    const left = [...sent.values(), waiting].flat()
    sent.clear()
    waiting = []
    for (const { signature, answer } of left) answer(verifySignature(...signature))
  }

  try {
    thread = start()
    thread.listen(hear, failed)
  } catch {
    // A browser that has no threads inside of threads verifies here.
  }
  return (...signature) => {
    if (!there) return verifySignature(...signature)
    return new Promise((answer) => {
      waiting.push({ signature, answer })
      if (waiting.length === AT_ONCE) flush()
      else if (waiting.length === 1) queueMicrotask(flush)
    })
  }
}
