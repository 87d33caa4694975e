import { createHash } from 'node:crypto'
import {
  closeSync,
  createReadStream,
  existsSync,
  fsyncSync,
  openSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { ServerError } from './server-error.ts'

/** The first line of both files of a backup: what it is, of which desk, and how far the ledger was. */
export type BackupHead = {
  readonly postern: 'backup'
  readonly version: 1
  /** `desk`: chains and ciphertext. `keys`: the key store and the server's key; kept for a shorter time. */
  readonly part: 'desk' | 'keys'
  /** The same in both files of one backup. */
  readonly backup: string
  readonly desk: string
  readonly ledger: { readonly size: number; readonly root: string }
  readonly time: string
  /** With `keys` only: the seed of the server's key. */
  readonly server?: string
}

export type BackupWriter = {
  readonly write: (line: string) => Promise<void>
  /** The last line, fsync. The file still has its `.part` name. */
  readonly finish: () => number
  /** Takes the unfinished file away. */
  readonly drop: () => void
}

const BUFFER = 1024 * 1024

/** Writes `FILE.part`, mode 0600. Its last line is the SHA-256 of all before. */
export function writeBackup(file: string, head: BackupHead): BackupWriter {
  const part = partOf(file)
  rmSync(part, { force: true })
  const descriptor = openSync(part, 'wx', 0o600)
  const hash = createHash('sha256')
  let waiting = ''
  let size = 0
  const flush = (): void => {
    const bytes = Buffer.from(waiting)
    for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at)
    size += bytes.length
    waiting = ''
  }
  const add = (line: string): void => {
    hash.update(line)
    waiting += line
    if (waiting.length >= BUFFER) flush()
  }
  add(`${JSON.stringify(head)}\n`)
  return {
    write: async (line) => add(line),
    finish: () => {
      waiting += `${JSON.stringify({ sha256: hash.digest('hex') })}\n`
      flush()
      fsyncSync(descriptor)
      closeSync(descriptor)
      return size
    },
    drop: () => rmSync(part, { force: true }),
  }
}

export function partOf(file: string): string {
  return `${file}.part`
}

/** Reads a whole backup file once: its head, if the hash at its end is right. Throws `ServerError`. */
export async function checkBackup(file: string, part: BackupHead['part']): Promise<BackupHead> {
  const hash = createHash('sha256')
  let head: BackupHead | undefined
  let last: string | undefined
  for await (const line of linesOf(file)) {
    if (last !== undefined) hash.update(`${last}\n`)
    head ??= headOf(line, file)
    last = line
  }
  if (head?.part !== part) throw new ServerError('refused', `${file} is not this part of a backup.`)
  if (last !== JSON.stringify({ sha256: hash.digest('hex') }))
    throw new ServerError(
      'refused',
      `${file} is damaged or was not written to its end: take another backup.`,
    )
  return head
}

/** What stands between head and hash: the rows. */
export async function* rowsOf(file: string): AsyncGenerator<string> {
  let before: string | undefined
  let first = true
  for await (const line of linesOf(file)) {
    if (before !== undefined) yield before
    if (!first) before = line
    first = false
  }
}

/** Split at LF only: rows may hold what other readers take for the end of a line. */
async function* linesOf(file: string): AsyncGenerator<string> {
  if (!existsSync(file)) throw new ServerError('not-found', `There is no file ${file}.`)
  let parts: Buffer[] = []
  for await (const chunk of createReadStream(file, { highWaterMark: BUFFER })) {
    let rest = chunk as Buffer
    for (let end = rest.indexOf(0x0a); end >= 0; end = rest.indexOf(0x0a)) {
      yield Buffer.concat([...parts, rest.subarray(0, end)]).toString('utf8')
      parts = []
      rest = rest.subarray(end + 1)
    }
    parts.push(rest)
  }
  const rest = Buffer.concat(parts)
  if (rest.length > 0) yield rest.toString('utf8')
}

function headOf(line: string, file: string): BackupHead {
  try {
    const head: unknown = JSON.parse(line)
    if (isHead(head)) return head
  } catch {
    // Said below, for every other form too.
  }
  throw new ServerError('refused', `${file} is not a backup of this version of Postern.`)
}

function isHead(value: unknown): value is BackupHead {
  if (typeof value !== 'object' || value === null) return false
  const head = new Map<string, unknown>(Object.entries(value))
  const ledger = head.get('ledger')
  return (
    head.get('postern') === 'backup' &&
    head.get('version') === 1 &&
    (head.get('part') === 'desk' || /^[0-9a-f]{64}$/.test(String(head.get('server')))) &&
    ['backup', 'desk', 'time'].every((name) => typeof head.get(name) === 'string') &&
    typeof ledger === 'object' &&
    ledger !== null &&
    'size' in ledger &&
    'root' in ledger
  )
}
