import {
  closeSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import { hasCode } from './error-code.ts'
import { oneLine, postgresCommand, runPostgres } from './postgres-programs.ts'
import { StoreError } from './store-error.ts'

export const EMBEDDED_USER = 'postgres'
export const EMBEDDED_DATABASE = 'postern'

const LEFTOVER = /^postgres\.new-(\d+)-/

interface Place {
  readonly dir: string
  readonly data: string
  readonly bin: string
  readonly major: number
}

/**
 * Makes the data folder beside its place and moves it there whole: a start that was killed half-way
 * leaves no folder that looks made, and of two starts at once one is taken.
 */
export async function createCluster({ dir, data, bin, major }: Place): Promise<void> {
  removeLeftovers(dir)
  const fresh = mkdtempSync(join(dir, `postgres.new-${process.pid}-`))
  try {
    await must(postgresCommand(bin, 'initdb', initdbFlags(fresh, major)))
    const single = ['--single', '-D', fresh, '-c', 'log_checkpoints=off', 'postgres']
    await must(postgresCommand(bin, 'postgres', single), `create database ${EMBEDDED_DATABASE};\n`)
    renameSync(fresh, data)
    syncFolder(dir)
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true })
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST')) throw error
  }
}

export function initdbFlags(folder: string, major: number): string[] {
  const locale =
    major >= 17
      ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C.UTF-8']
      : ['--locale=C.UTF-8']
  const rest = ['--auth=trust', '--data-checksums', '--encoding=UTF8', '--no-instructions']
  return ['-D', folder, '-U', EMBEDDED_USER, ...rest, ...locale]
}

async function must(command: readonly string[], input?: string): Promise<void> {
  const { ok, output } = await runPostgres(command, input)
  if (ok && !/\b(?:ERROR|FATAL|PANIC):/.test(output)) return
  throw new StoreError('start-failed', `The database folder cannot be made: ${oneLine(output)}`)
}

/** Of starts that were killed; one that still runs keeps its own. */
function removeLeftovers(dir: string): void {
  for (const name of readdirSync(dir)) {
    const pid = LEFTOVER.exec(name)?.[1]
    if (pid === undefined || isAlive(Number(pid))) continue
    rmSync(join(dir, name), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return true
  return statSync(`/proc/${pid}`, { throwIfNoEntry: false }) !== undefined
}

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r')
  fsyncSync(descriptor)
  closeSync(descriptor)
}
