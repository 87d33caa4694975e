import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

const TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

/** Milliseconds of processor time that a process and all below it have used, those that ended with them. */
export function processorTime(root: number): number {
  const parents = new Map<number, number>()
  const times = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const fields = statOf(Number(name))
    if (fields === undefined) continue
    parents.set(Number(name), fields.parent)
    times.set(Number(name), fields.time)
  }
  let sum = 0
  for (const [pid, time] of times) if (isBelow(pid, root, parents)) sum += time
  return (1000 * sum) / TICKS
}

/** Milliseconds that the children of this process used, those that ended and were waited for. */
export function endedTime(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8')
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  return (1000 * ((fields[13] ?? 0) + (fields[14] ?? 0))) / TICKS
}

/** Of one process, in MiB: what it holds now, and the most that it held. */
export function memoryOf(pid: number): { readonly now: number; readonly peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const size = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024
  return { now: size('VmRSS'), peak: size('VmHWM') }
}

/** proc(5): the name in brackets may hold anything, the fields stand behind the last bracket. */
function statOf(pid: number): { readonly parent: number; readonly time: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const [parent = 0, ...times] = [1, 11, 12, 13, 14].map((n) => fields[n] ?? 0)
    return { parent, time: times.reduce((sum, each) => sum + each, 0) }
  } catch {
    return undefined
  }
}

function isBelow(pid: number, root: number, parents: ReadonlyMap<number, number>): boolean {
  for (let at = pid; at > 0; at = parents.get(at) ?? 0) if (at === root) return true
  return false
}
