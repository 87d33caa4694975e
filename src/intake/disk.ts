import { mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises'
import { type Bytes } from '#lexicon'

/** What the journal needs of a disk. Each call has happened when its promise is kept. */
export type Disk = {
  /** The names in a folder, which is made where there is none. */
  readonly list: (folder: string) => Promise<string[]>
  readonly read: (path: string) => Promise<Bytes>
  /** A new file; an existing one is an error. */
  readonly create: (path: string) => Promise<DiskFile>
  readonly rename: (from: string, to: string) => Promise<void>
  readonly remove: (path: string) => Promise<void>
  /** Makes the names in the folder durable: without it a rename may be forgotten. */
  readonly syncFolder: (folder: string) => Promise<void>
}

export type DiskFile = {
  readonly write: (bytes: Bytes) => Promise<void>
  readonly sync: () => Promise<void>
  readonly close: () => Promise<void>
}

export const nodeDisk: Disk = {
  list: async (folder) => {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    return readdir(folder)
  },
  read: async (path) => new Uint8Array(await readFile(path)),
  create: async (path) => {
    const handle = await open(path, 'wx', 0o600)
    return {
      write: (bytes) => handle.writeFile(bytes),
      sync: () => handle.sync(),
      close: () => handle.close(),
    }
  },
  rename,
  remove: unlink,
  syncFolder: async (folder) => {
    const handle = await open(folder, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  },
}

/** No room for more: the disk, or what this user may have of it. */
export function isDiskFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EFBIG', '53100'].includes(codeOf(error))
}

export function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT'
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
