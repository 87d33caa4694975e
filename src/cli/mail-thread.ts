import { parentPort } from 'node:worker_threads'
import { attachmentOf, readMail, type ToText } from '#text'

/*
 * Reads one mail, in a thread that holds no key and is ended when it takes too long. It answers once.
 */
parentPort?.once('message', (asked: ToText) => void answer(asked))

async function answer(asked: ToText): Promise<void> {
  if ('text' in asked) return
  parentPort?.postMessage(
    'attachment' in asked
      ? await attachmentOf(asked.mail, asked.attachment)
      : await readMail(asked.mail),
  )
}
