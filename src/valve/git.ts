import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Runs the system's git in a bare repository. Never by a shell. */
export type Git = {
  readonly folder: string
  readonly ask: (args: readonly string[]) => Promise<string>
  readonly feed: (args: readonly string[], input: Uint8Array) => Promise<void>
}

/** Long enough for a first push of a large tree over a slow line. */
const LONGEST = 10 * 60_000
const LARGEST_ANSWER = 256 * 1024 * 1024

/** `signal` ends what runs: a push to a host that hangs must not keep a server from stopping. */
export function openGit(folder: string, signal?: AbortSignal): Git {
  const options = {
    cwd: folder,
    timeout: LONGEST,
    maxBuffer: LARGEST_ANSWER,
    ...(signal && { signal }),
    env: {
      ...process.env,
      GIT_DIR: folder,
      // Nobody sits there to be asked.
      GIT_TERMINAL_PROMPT: '0',
      GIT_SSH_COMMAND: process.env['GIT_SSH_COMMAND'] ?? 'ssh -oBatchMode=yes',
      LC_ALL: 'C',
    },
  }
  return {
    folder,
    ask: async (args) => (await run('git', [...args], options)).stdout,
    feed: async (args, input) => {
      const running = run('git', [...args], options)
      // Git may end before it read everything; its exit says why.
      running.child.stdin?.on('error', () => undefined)
      running.child.stdin?.end(input)
      await running
    },
  }
}
