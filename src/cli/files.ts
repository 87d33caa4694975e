import { randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { open, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ClientError, type Source } from '#client'
import { LIMITS } from '#lexicon'
import { UsageError } from './usage.ts'

/** The text of `--text FILE` or `--reply FILE`; `-` reads standard input. */
export async function readText(path: string): Promise<string> {
  const bytes = path === '-' ? await readStdin() : await readFile(path)
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    if (text.trim() === '') throw new UsageError('There is no text in it.')
    if (text.length > LIMITS.text)
      throw new UsageError(
        'This text is too long: write a short one and attach the rest with --attach.',
      )
    return text
  } catch (cause) {
    if (cause instanceof UsageError) throw cause
    throw new UsageError('This text is not UTF-8: save it as UTF-8 or attach it with --attach.', {
      cause,
    })
  }
}

export async function sourcesOf(paths: readonly string[]): Promise<readonly Source[]> {
  if (paths.length > LIMITS.filesPerMessage)
    throw new UsageError(`At most ${LIMITS.filesPerMessage} files go with one message.`)
  return Promise.all(paths.map(sourceOf))
}

async function sourceOf(path: string): Promise<Source> {
  const found = await stat(path)
  if (!found.isFile()) throw new UsageError(`${path} is not a file.`)
  return {
    name: basename(path).replaceAll(/\p{Cc}/gu, '_'),
    type: 'application/octet-stream',
    size: found.size,
    open: () => createReadStream(path, { highWaterMark: 256 * 1024 }),
  }
}

/** Saves a stream that counts only when it ended: aside first, then under its name. */
export async function saveWhole(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  const aside = `${path}.${randomUUID()}.part`
  try {
    await pipeline(Readable.from(content), createWriteStream(aside, { mode: 0o600, flags: 'wx' }))
    await rename(aside, path)
  } catch (error) {
    await rm(aside, { force: true })
    throw error
  }
}

/** Writes a secret that must not overwrite anything: mode 0600, synced. */
export async function writeSecret(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

/**
 * What to do with a new key file when the desk did not answer as hoped. It goes only where the desk said no:
 * a lost answer may have been a yes, and then these keys are the only ones.
 */
export async function dropUnusedKeys(path: string, error: unknown): Promise<never> {
  const refused =
    error instanceof ClientError &&
    error.problem !== undefined &&
    error.code !== 'unavailable' &&
    error.problem.status < 500
  if (refused) await rm(path, { force: true })
  throw error
}

async function readStdin(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of process.stdin) if (chunk instanceof Uint8Array) chunks.push(chunk)
  return Buffer.concat(chunks)
}
