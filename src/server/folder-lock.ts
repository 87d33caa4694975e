import { createHash } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { writeDurably } from './data-folder.ts'
import { ServerError } from './server-error.ts'

/** Who works in a data folder. The operator's other commands find the database by it. */
export type Holder = {
  readonly pid: number
  readonly command: string
  /** The folder of the database's socket, when this process started the database. */
  readonly socket?: string
}

export type FolderLock = {
  /** Tells the operator's other commands where the database is. */
  readonly announce: (socket: string | undefined) => void
  readonly release: () => Promise<void>
}

const FILE = 'process.json'

/**
 * One process works in a data folder at a time. The lock is a socket without a file, named after the
 * folder: the kernel frees it when its process ends, however it ends. Returns the holder when taken.
 */
export async function lockFolder(path: string, command: string): Promise<FolderLock | Holder> {
  const name = createHash('sha256').update(path).digest('hex').slice(0, 32)
  const server = createServer((socket) => socket.destroy())
  const taken = await new Promise<boolean>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(true) : reject(error),
    )
    // Only Linux has sockets without a file; elsewhere PostgreSQL guards its own folder.
    if (process.platform !== 'linux') resolve(false)
    else server.listen(`\0postern-${name}`, () => resolve(false))
  })
  const file = join(path, FILE)
  if (taken) return findHolder(file)
  server.unref()
  const announce = (socket: string | undefined): void => {
    const holder = { pid: process.pid, command, ...(socket !== undefined && { socket }) }
    writeDurably(file, `${JSON.stringify(holder)}\n`)
  }
  announce(undefined)
  return {
    announce,
    release: () =>
      new Promise((resolve) => {
        rmSync(file, { force: true })
        server.close(() => resolve())
      }),
  }
}

/** Throws `ServerError` busy, naming who holds the folder. */
export async function demandFolder(path: string, command: string): Promise<FolderLock> {
  const lock = await lockFolder(path, command)
  if ('release' in lock) return lock
  throw new ServerError('busy', busy(path, lock))
}

export function busy(path: string, { pid, command }: Holder): string {
  const who = pid === 0 ? 'another process' : `process ${pid} (postern ${command})`
  return `The data folder ${path} is in use by ${who}.`
}

/** The holder writes its number just after it took the lock; what a dead one left is not it. */
async function findHolder(file: string): Promise<Holder> {
  for (let tries = 0; tries < 40; tries++) {
    const holder = readHolder(file)
    if (holder.pid !== 0 && isAlive(holder.pid)) return holder
    await pause(50)
  }
  return NOBODY
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

const NOBODY: Holder = { pid: 0, command: '' }

function readHolder(file: string): Holder {
  try {
    const holder: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (isHolder(holder)) return holder
  } catch {
    // It is just being written, or the holder is no process of ours.
  }
  return NOBODY
}

function isHolder(value: unknown): value is Holder {
  if (typeof value !== 'object' || value === null) return false
  const { pid, command, socket } = { pid: 0, command: '', socket: undefined, ...value }
  const where = socket === undefined || typeof socket === 'string'
  return typeof pid === 'number' && typeof command === 'string' && where
}
