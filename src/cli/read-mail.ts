import { Worker } from 'node:worker_threads'
import type { Bytes } from '#lexicon'
import type { MailRead, ToText } from '#text'

/** A mail that takes longer, or more memory, is made to hurt: it is saved as it came, and not read. */
const LONGEST = 20_000
const MOST_MEMORY = { maxOldGenerationSizeMb: 512 }

/** The mail as text and a list of files; `undefined` for one that does not let itself be read. */
export async function readMailApart(mail: Bytes): Promise<MailRead | undefined> {
  const heard = await askThread({ mail })
  return isMailRead(heard) ? heard : undefined
}

/** The content of one attachment; `undefined` where there is none. */
export async function attachmentApart(mail: Bytes, attachment: number): Promise<Bytes | undefined> {
  const heard = await askThread({ mail, attachment })
  return heard instanceof Uint8Array ? new Uint8Array(heard) : undefined
}

async function askThread(asked: ToText): Promise<unknown> {
  const thread = new Worker(new URL('./mail-thread.ts', import.meta.url), {
    resourceLimits: MOST_MEMORY,
  })
  try {
    return await new Promise((resolve) => {
      const nothing = () => resolve(undefined)
      thread.once('message', resolve)
      thread.once('error', nothing)
      thread.once('exit', nothing)
      setTimeout(nothing, LONGEST).unref()
      thread.postMessage(asked)
    })
  } finally {
    await thread.terminate()
  }
}

function isMailRead(heard: unknown): heard is MailRead {
  return typeof heard === 'object' && heard !== null && 'attachments' in heard
}
