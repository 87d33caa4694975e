import { createReadStream, existsSync, statSync } from 'node:fs'
import { open, opendir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ArchivedMail, isMbox, mboxMails } from '#intake'
import { LIMITS } from '#lexicon'
import { ServerError } from './server-error.ts'

/** An archive of mails: a file with one, an mbox with many, or a Maildir. */
export type Archive = {
  readonly kind: 'mail' | 'mbox' | 'maildir'
  /** All of it, in bytes for a file and in mails for a Maildir, and how much was read so far. */
  readonly size: number
  readonly read: () => number
  readonly mails: () => AsyncIterable<ArchivedMail>
}

/** Throws `ServerError` not-found or usage. */
export async function openArchive(path: string): Promise<Archive> {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) throw new ServerError('not-found', `There is no file or folder ${path}.`)
  if (stat.isDirectory()) return openMaildir(path)
  if (!stat.isFile()) throw new ServerError('usage', `${path} is neither a file nor a Maildir.`)
  if (!isMbox(await startOf(path))) return oneMail(path, stat.size)
  let read = 0
  const mails = (): AsyncIterable<ArchivedMail> => {
    read = 0
    const counted = async function* (): AsyncGenerator<Uint8Array> {
      for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
        read += chunk.length
        yield chunk
      }
    }
    return mboxMails(counted(), LIMITS.mail)
  }
  return { kind: 'mbox', size: stat.size, read: () => read, mails }
}

/** `cur` and `new` of this folder; what is in folders below it is another Maildir. */
async function openMaildir(path: string): Promise<Archive> {
  const parts = ['cur', 'new'].map((name) => join(path, name)).filter((name) => existsSync(name))
  if (parts.length === 0)
    throw new ServerError('usage', `${path} is no Maildir: it has neither cur nor new.`)
  let size = 0
  for await (const _ of filesOf(parts)) size++
  let read = 0
  const mails = async function* (): AsyncGenerator<ArchivedMail> {
    read = 0
    for await (const file of filesOf(parts)) {
      read++
      const mail = await mailIn(file)
      if (mail !== undefined) yield mail
    }
  }
  return { kind: 'maildir', size, read: () => read, mails }
}

async function* filesOf(folders: readonly string[]): AsyncGenerator<string> {
  for (const folder of folders)
    for await (const entry of await opendir(folder))
      if (entry.isFile() && !entry.name.startsWith('.')) yield join(folder, entry.name)
}

/** `undefined` when a mail program moved it meanwhile: then it is found by another run. */
async function mailIn(file: string): Promise<ArchivedMail | undefined> {
  const stat = statSync(file, { throwIfNoEntry: false })
  if (stat === undefined) return undefined
  if (stat.size > LIMITS.mail) return 'too-large'
  return { raw: new Uint8Array(await readFile(file)) }
}

function oneMail(path: string, size: number): Archive {
  let read = 0
  const mails = async function* (): AsyncGenerator<ArchivedMail> {
    const mail = await mailIn(path)
    read = size
    if (mail !== undefined) yield mail
  }
  return { kind: 'mail', size, read: () => read, mails }
}

async function startOf(path: string): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(4096), 0, 4096, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
