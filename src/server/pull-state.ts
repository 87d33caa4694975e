import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PullSeen } from '#intake'
import { writeDurably } from './data-folder.ts'

/*
 * What the running server saw of its mailbox, for the operator's other commands. A file, for it concerns
 * this machine and no database: whoever restores a backup elsewhere pulls from somewhere else.
 */

const FILE = 'mail-pull.json'

export function keepPullState(folder: string, seen: PullSeen): void {
  writeDurably(join(folder, FILE), `${JSON.stringify(seen)}\n`)
}

/** `undefined` when nothing was pulled yet, or nobody can tell. */
export function readPullState(folder: string): PullSeen | undefined {
  const file = join(folder, FILE)
  if (!existsSync(file)) return undefined
  try {
    const seen: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return isSeen(seen) ? seen : undefined
  } catch {
    return undefined
  }
}

function isSeen(value: unknown): value is PullSeen {
  if (typeof value !== 'object' || value === null) return false
  const { trouble, ...numbers } = { trouble: undefined, ...value }
  const { worked, waiting, tooLarge, stuck } = {
    worked: undefined,
    waiting: undefined,
    tooLarge: undefined,
    stuck: undefined,
    ...numbers,
  }
  return (
    typeof trouble === 'string' &&
    [worked, waiting, tooLarge, stuck].every((each) => typeof each === 'number')
  )
}
