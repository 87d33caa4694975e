import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type Bytes, bytesOfHex, hexOfBytes } from '#lexicon'
import { ServerError } from './server-error.ts'

/** Everything of one desk on this machine. Mode 0700; only the server's own account looks inside. */
export type DataFolder = {
  /** Without symbolic links: two names of one folder are one folder. */
  readonly path: string
  /** The seed of the server's Ed25519 key. */
  readonly seed: Bytes
}

const KEY = 'server.key'
/** Stands in a folder while a restore fills it. */
const UNFINISHED = 'restoring'

/** Makes the folder and its key when they are missing. Throws `ServerError`. */
export function makeDataFolder(folder: string): DataFolder {
  makePrivate(folder)
  const path = realpathSync(folder)
  const key = join(path, KEY)
  if (!existsSync(key)) {
    if (existsSync(join(path, 'postgres')))
      throw new ServerError(
        'refused',
        `${path} has a database and no ${KEY}: put the key back, or restore a backup into an empty folder.`,
      )
    writeServerKey(path, new Uint8Array(randomBytes(32)))
  }
  return openDataFolder(folder)
}

/** The folder of a desk that was started before. Throws `ServerError` not-found. */
export function openDataFolder(folder: string): DataFolder {
  if (!existsSync(join(folder, KEY)))
    throw new ServerError('not-found', `${resolve(folder)} is not a data folder: it has no ${KEY}.`)
  const path = realpathSync(folder)
  makePrivate(path)
  if (existsSync(join(path, UNFINISHED)))
    throw new ServerError(
      'refused',
      `A restore into ${path} did not finish: empty the folder and restore again.`,
    )
  return { path, seed: readServerKey(join(path, KEY)) }
}

/** An empty folder, made if there is none. Throws `ServerError` usage for one that holds something. */
export function makeEmptyFolder(folder: string): string {
  const stat = statSync(folder, { throwIfNoEntry: false })
  const free = stat === undefined || (stat.isDirectory() && readdirSync(folder).length === 0)
  if (!free)
    throw new ServerError('usage', `${resolve(folder)} is not empty: restore into an empty folder.`)
  makePrivate(folder)
  return realpathSync(folder)
}

/** From now on it is a data folder that no start takes, until `endRestore`. */
export function beginRestore(path: string, seed: Bytes): DataFolder {
  writeDurably(join(path, UNFINISHED), '')
  writeServerKey(path, seed)
  return { path, seed }
}

export function endRestore({ path }: DataFolder): void {
  rmSync(join(path, UNFINISHED))
  syncFolder(path)
}

/** The whole text is there after a power cut, or the old one is. Mode 0600. */
export function writeDurably(file: string, text: string): void {
  const fresh = `${file}.new`
  rmSync(fresh, { force: true })
  writeSynced(fresh, text)
  renameSync(fresh, file)
  syncFolder(dirname(file))
}

export function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r')
  fsyncSync(descriptor)
  closeSync(descriptor)
}

/** Made once: of two starts one wins and both read the same key. */
function writeServerKey(path: string, seed: Bytes): void {
  const fresh = join(path, `${KEY}.${process.pid}`)
  rmSync(fresh, { force: true })
  writeSynced(fresh, `${hexOfBytes(seed)}\n`)
  try {
    linkSync(fresh, join(path, KEY))
  } catch (cause) {
    if (!existsSync(join(path, KEY))) throw cause
  }
  rmSync(fresh)
  syncFolder(path)
}

function readServerKey(file: string): Bytes {
  const text = readFileSync(file, 'utf8').trim()
  if (/^[0-9a-f]{64}$/.test(text)) return bytesOfHex(text)
  throw new ServerError(
    'refused',
    `${file} is not a server key: put the right one back, or restore a backup.`,
  )
}

function makePrivate(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    if ((statSync(folder).mode & 0o777) !== 0o700) chmodSync(folder, 0o700)
  } catch (cause) {
    throw new ServerError(
      'usage',
      `The data folder ${resolve(folder)} cannot be made or is not ours: choose another with --data.`,
      { cause },
    )
  }
}

function writeSynced(file: string, text: string): void {
  const descriptor = openSync(file, 'wx', 0o600)
  try {
    writeSync(descriptor, text)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
