import { readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { hasCode } from './error-code.ts'

export interface Postmaster {
  readonly pid: number
  /** `starting`, `ready`, `stopping`. */
  readonly status: string
}

/** What `postmaster.pid` says. A server that was killed leaves the file behind. */
export function readPostmaster(data: string): Postmaster | undefined {
  const lines = readText(join(data, 'postmaster.pid'))?.split('\n')
  const pid = Number(lines?.[0])
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined
  return { pid, status: lines?.[7]?.trim() ?? 'starting' }
}

export interface Holder extends Postmaster {
  /** The process that started it. */
  readonly parent: number
}

/** `holder`: the living server of this data folder. `left`: a number that certainly is not one any more. */
export interface Claim {
  readonly holder?: Holder
  readonly left?: number
}

/**
 * A server enters its data folder before it writes its number there. So a process with the number
 * that was read first, and then was seen to work elsewhere, is a stranger who got an old number.
 */
export function claimOn(data: string): Claim {
  const postmaster = readPostmaster(data)
  if (postmaster === undefined || process.platform !== 'linux') return {}
  const { pid } = postmaster
  try {
    if (readlinkSync(`/proc/${pid}/cwd`) !== realpathSync(data)) return { left: pid }
  } catch (error) {
    return hasCode(error, 'ENOENT') ? { left: pid } : {}
  }
  const stat = readText(`/proc/${pid}/stat`)
  const parent = Number(stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  return { holder: { ...postmaster, parent: Number.isSafeInteger(parent) ? parent : 0 } }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
