import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type Memory, NOTHING_REMEMBERED, type Remembered } from '#client'

const STALE_LOCK = 10_000

/** `--state`, or `$XDG_STATE_HOME/postern`, or its default. */
export function stateFolder(given: string | undefined): string {
  if (given !== undefined) return given
  const base = process.env['XDG_STATE_HOME']
  return join(
    base === undefined || base === '' ? join(homedir(), '.local', 'state') : base,
    'postern',
  )
}

/** What this machine remembers of desks, as small files. They hold no content and no key. */
export function openStateFolder(folder: string): Memory {
  const pins = join(folder, 'desks.json')
  const of = (desk: string) => join(folder, desk.slice(0, 32))
  const remembered = (desk: string) => join(of(desk), 'remembered.json')
  const read = async (desk: string): Promise<Remembered> => ({
    ...NOTHING_REMEMBERED,
    ...((await readJson(remembered(desk))) as Partial<Remembered> | undefined),
  })
  return {
    deskAt: async (origin) => {
      const known = (await readJson(pins)) as Record<string, string> | undefined
      return known?.[origin]
    },
    pinDesk: (origin, desk) =>
      alone(folder, async () => {
        const known = (await readJson(pins)) as Record<string, string> | undefined
        await writeWhole(pins, JSON.stringify({ ...known, [origin]: desk }))
      }),
    read,
    update: (desk, change) =>
      alone(of(desk), async () => {
        await writeWhole(remembered(desk), JSON.stringify(change(await read(desk))))
      }),
    keepEvidence: async (desk, name, text) => {
      await mkdir(of(desk), { recursive: true, mode: 0o700 })
      await writeFile(join(of(desk), `evidence-${Date.now()}-${name}.txt`), text, { mode: 0o600 })
    },
  }
}

/** Old, or new, never half: written aside, synced, renamed. */
async function writeWhole(path: string, text: string): Promise<void> {
  const aside = `${path}.${process.pid}.part`
  const file = await open(aside, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(aside, path)
}

/** One writer at a time, also among several commands that run at once. */
async function alone(folder: string, work: () => Promise<void>): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const lock = join(folder, 'lock')
  for (;;) {
    try {
      await (await open(lock, 'wx', 0o600)).close()
      break
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error
      const age = await stat(lock).then(
        (found) => Date.now() - found.mtimeMs,
        () => 0,
      )
      // Left behind by a command that was killed: its work was short.
      if (age > STALE_LOCK) await rm(lock, { force: true })
      else await wait(5 + Math.random() * 20)
    }
  }
  try {
    await work()
  } finally {
    await rm(lock, { force: true })
  }
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined
    throw error
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
