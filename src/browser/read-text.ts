import { useEffect, useState } from 'preact/hooks'
import type { FromText, Tree } from '#text'
import { onEvent } from './ask-worker.ts'
import { startOwnWorker } from './own-worker.ts'
import { newTextThread } from './text-thread.ts'

const texts = newTextThread({
  start() {
    const worker = startOwnWorker('text')
    return {
      postMessage: (message) => worker.postMessage(message),
      terminate: () => worker.terminate(),
      listen(hear, failed) {
        worker.addEventListener('message', ({ data }: MessageEvent<FromText>) => hear(data))
        worker.addEventListener('error', failed)
      },
    }
  },
  later(milliseconds, act) {
    const timer = setTimeout(act, milliseconds)
    return () => clearTimeout(timer)
  },
})

// What was opened leaves memory with the keys that opened it (R08).
onEvent(({ event }) => {
  if (event === 'locked') texts.forget()
})

/** The tree of a text; `null` until it is there, and for ever where the text stays as it was typed. */
export function useTree(text: string): Tree | null {
  const [read, setRead] = useState<{ readonly text: string; readonly tree: Tree | null }>()
  useEffect(() => {
    if (texts.known(text) !== undefined) return undefined
    let gone = false
    const readIt = async () => {
      const tree = await texts.read(text)
      if (!gone) setRead({ text, tree })
    }
    void readIt()
    return () => {
      gone = true
    }
  }, [text])
  return (read?.text === text ? read.tree : texts.known(text)) ?? null
}
