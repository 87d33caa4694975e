import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Bytes, bytesOfHex, hexOfBytes } from '#lexicon'
import { writeDurably } from './data-folder.ts'
import { ServerError } from './server-error.ts'

/**
 * The secret under which mail waits to be sent, made at the first start. It is in no backup: who takes a
 * copy of the database and of every backup learns nobody's address. Whoever calls holds the folder.
 */
export function keepPostKey(folder: string): Bytes {
  const file = postKeyFile(folder)
  if (!existsSync(file)) writeDurably(file, `${hexOfBytes(new Uint8Array(randomBytes(32)))}\n`)
  const text = readFileSync(file, 'utf8').trim()
  if (/^[0-9a-f]{64}$/.test(text)) return bytesOfHex(text)
  throw new ServerError(
    'refused',
    `${file} is not a post key: put the right one back, or remove it; then the mails that wait are not sent.`,
  )
}

export function postKeyFile(folder: string): string {
  return join(folder, 'post.key')
}
