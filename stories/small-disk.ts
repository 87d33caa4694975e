import { spawnSync } from 'node:child_process'
import { mkdtemp, open, rm, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A disk of its own in memory, so that filling it hurts nobody else. */
export type SmallDisk = {
  readonly folder: string
  /** Not one block is left. */
  readonly fill: () => Promise<void>
  readonly free: () => Promise<void>
}

/** Returns the reason when this machine does not let us. */
export async function mountSmallDisk(
  after: (end: () => Promise<void>) => void,
  bytes: number,
): Promise<SmallDisk | string> {
  if (process.geteuid?.() !== 0) return 'only root may mount a small disk'
  const folder = await mkdtemp(join(tmpdir(), 'postern-disk-'))
  const size = `size=${bytes},mode=0700`
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', size, 'postern-story', folder])
  if (mounted.status !== 0) {
    await rmdir(folder)
    return `this machine lets nobody mount a small disk: ${String(mounted.stderr ?? mounted.error).trim()}`
  }
  after(async () => {
    // Lazily when something still has a file open in it: the memory goes with that.
    const gone = ['', '-l'].some((how) => {
      const flags = how === '' ? [folder] : [how, folder]
      return spawnSync('umount', flags).status === 0
    })
    if (gone) await rmdir(folder)
  })
  const filler = join(folder, 'filler')
  return {
    folder,
    fill: async () => {
      const file = await open(filler, 'a')
      try {
        for (const step of [2 ** 20, 4096]) await writeUntilFull(file, new Uint8Array(step).fill(1))
      } finally {
        await file.close()
      }
    },
    free: () => rm(filler),
  }
}

async function writeUntilFull(
  file: { readonly write: (bytes: Uint8Array) => Promise<unknown> },
  bytes: Uint8Array,
): Promise<void> {
  for (;;) {
    try {
      await file.write(bytes)
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return
      throw error
    }
  }
}
