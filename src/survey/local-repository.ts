import { lstat, open, opendir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { SurveyError } from './survey-error.ts'

/** A checkout or a bare repository on this machine, read without git: where its objects lie, and what HEAD is. */
export type LocalRepository = {
  readonly objects: string
  readonly head: string
  /** What it says of where it came from: a claim, used to choose a project. */
  readonly origin: string | undefined
}

const LARGEST_CONFIG = 64 * 1024
const MOST_OBJECTS = 1_000_000
const LARGEST_REFS = 16 * 1024 * 1024

/** Throws `SurveyError`. Links are not followed anywhere: they lead where whoever made the folder wants. */
export async function openLocalRepository(path: string): Promise<LocalRepository> {
  const folder = (await isFolder(join(path, '.git'))) ? join(path, '.git') : path
  const objects = resolve(folder, 'objects')
  if (!(await isFolder(objects)))
    throw new SurveyError(
      'not-a-repository',
      'This is no git repository: give the folder of a checkout or of a bare repository.',
    )
  if (
    (await exists(join(objects, 'info', 'alternates'))) ||
    (await exists(join(folder, 'commondir')))
  )
    throw new SurveyError(
      'not-a-repository',
      'This repository borrows the objects of another one: give a clone of its own.',
    )
  if (!(await isPlain(objects)))
    throw new SurveyError(
      'not-a-repository',
      'Something in this repository is a link, or no file: give a clone of its own.',
    )
  const head = await headOf(folder)
  const config = await text(join(folder, 'config'), LARGEST_CONFIG)
  return { objects, head, origin: config === undefined ? undefined : originOf(config) }
}

async function headOf(folder: string): Promise<string> {
  const head = (await text(join(folder, 'HEAD'), 1000))?.trim() ?? ''
  if (OBJECT.test(head)) return head
  const ref = /^ref: (refs\/heads\/\S+)$/.exec(head)?.[1]
  if (ref === undefined || !isPlainRef(ref)) throw noHead()
  const loose = (await text(join(folder, ref), 1000))?.trim()
  if (loose !== undefined && OBJECT.test(loose)) return loose
  const packed = (await text(join(folder, 'packed-refs'), LARGEST_REFS)) ?? ''
  for (const line of packed.split('\n')) {
    const [id, name] = line.split(' ')
    if (name === ref && id !== undefined && OBJECT.test(id)) return id
  }
  throw noHead()
}

const OBJECT = /^([0-9a-f]{40}|[0-9a-f]{64})$/

function noHead(): SurveyError {
  return new SurveyError('not-a-repository', 'This repository has no commit that we can read.')
}

function isPlainRef(ref: string): boolean {
  return /^[\w./@+-]{1,250}$/.test(ref) && !ref.includes('..') && !ref.includes('//')
}

function originOf(config: string): string | undefined {
  const [, section] = /\[remote "origin"\]([^[]*)/.exec(config) ?? []
  return /^\s*url\s*=\s*(\S{1,500})\s*$/m.exec(section ?? '')?.[1]
}

async function isFolder(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined)
  return found?.isDirectory() ?? false
}

/** Git follows links among objects, to packs of repositories that were not handed in, and waits at pipes. */
async function isPlain(folder: string): Promise<boolean> {
  let entries = 0
  for await (const entry of await opendir(folder, { recursive: true })) {
    entries += 1
    if (entries > MOST_OBJECTS)
      throw new SurveyError(
        'too-large',
        'This repository has too many loose objects: run git gc in it.',
      )
    if (!entry.isFile() && !entry.isDirectory()) return false
  }
  return true
}

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined
}

/** Undefined for what is no plain file of at most so many bytes. */
async function text(path: string, most: number): Promise<string | undefined> {
  const found = await lstat(path).catch(() => undefined)
  if (found === undefined || !found.isFile() || found.size > most) return undefined
  const file = await open(path)
  try {
    return (await readFile(file)).toString('latin1')
  } finally {
    await file.close()
  }
}
