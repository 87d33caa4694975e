import { useEffect, useState } from 'preact/hooks'
import type { FromText, MailRead, Tree } from '#text'
import { onEvent } from './ask-worker.ts'
import { startOwnWorker } from './own-worker.ts'
import { newTextThread, type TextThreadDeps } from './text-thread.ts'

const texts = newTextThread(threadOf('text'))
const mails = newTextThread(threadOf('mail'))

function threadOf(name: 'text' | 'mail'): TextThreadDeps {
  return {
    start() {
      const worker = startOwnWorker(name)
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
  }
}

// What was opened leaves memory with the keys that opened it (R08).
onEvent(({ event }) => {
  if (event !== 'locked') return
  texts.forget()
  mails.forget()
})

/** A mail, read in the thread without keys; `null` where it was made to hang there. */
export function readMail(mail: Uint8Array<ArrayBuffer>): Promise<MailRead | null> {
  return mails.readMail(mail)
}

export function attachmentOf(
  mail: Uint8Array<ArrayBuffer>,
  attachment: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  return mails.attachmentOf(mail, attachment)
}

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
