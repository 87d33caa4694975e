import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'

/** One system call. `began` and `ended` are places in the trace: the kernel's order, for all processes. */
export type SystemCall = {
  readonly pid: number
  readonly name: string
  /** As strace writes them, file and socket names included. */
  readonly args: string
  readonly result: string
  readonly began: number
  readonly ended: number
}

const WATCHED =
  'fsync,fdatasync,rename,renameat,renameat2,write,writev,pwrite64,pwritev,sendto,sendmsg'

/** The reason why system calls cannot be seen here, or nothing. */
export function whyNoTrace(): string | undefined {
  const tried = spawnSync('strace', ['-f', '-e', 'trace=fsync', 'true'], { encoding: 'utf8' })
  if (tried.error !== undefined) return 'strace is not installed'
  return tried.status === 0 ? undefined : `strace is not allowed here: ${tried.stderr.trim()}`
}

/** What stands before a command to see it and all that it starts. The command keeps its process id. */
export function straceTo(file: string): readonly string[] {
  const all = ['strace', '-D', '-f', '--seccomp-bpf', '-yy', '-s', '8192']
  return [...all, '-e', `trace=${WATCHED}`, '-o', file]
}

/** All calls that ended, in the order of their ends, once the traced process is gone. */
export async function readTrace(file: string, pid: number): Promise<readonly SystemCall[]> {
  const gone = new RegExp(`^${pid} +\\+\\+\\+ (?:exited|killed)`, 'm')
  for (let left = 500; left > 0; left--) {
    const text = await readFile(file, 'utf8')
    if (gone.test(text)) return callsIn(text)
    await wait(20)
  }
  throw new Error('the traced process does not end')
}

function callsIn(text: string): SystemCall[] {
  const calls: SystemCall[] = []
  const begun = new Map<number, Pick<SystemCall, 'name' | 'args' | 'began'>>()
  for (const [at, line] of text.split('\n').entries()) {
    const [, who, rest = ''] = /^(\d+) +(.*)$/.exec(line) ?? []
    const pid = Number(who)
    const resumed = /^<\.\.\. (\w+) resumed>(.*)\) += (.*)$/.exec(rest)
    if (resumed !== null) {
      const first = begun.get(pid)
      begun.delete(pid)
      if (first === undefined || first.name !== resumed[1]) continue
      const args = first.args + (resumed[2] ?? '')
      calls.push({ ...first, pid, args, result: resumed[3] ?? '', ended: at })
      continue
    }
    const cut = /^(\w+)\((.*) <unfinished \.\.\.>$/.exec(rest)
    if (cut !== null) begun.set(pid, { name: cut[1] ?? '', args: cut[2] ?? '', began: at })
    const whole = /^(\w+)\((.*)\) += (.*)$/.exec(rest)
    if (whole === null) continue
    const [, name = '', args = '', result = ''] = whole
    calls.push({ pid, name, args, result, began: at, ended: at })
  }
  return calls
}
