import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { PASSPHRASE } from '../stories/stage.ts'

/** A script of this folder in a process of its own: it says `ready`, and `done` for each line that it is given. */
export type WorkedChild = { readonly pid: number; readonly work: (line: string) => Promise<void> }

export async function startWorkedChild(
  after: (end: () => Promise<void>) => void,
  script: string,
  args: readonly string[] = [],
): Promise<WorkedChild> {
  const child = spawn(process.execPath, [script, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, POSTERN_PASSPHRASE: PASSPHRASE },
  })
  const { stdin, stdout, pid } = child
  if (pid === undefined) throw new Error('it did not start')
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]()
  const hear = async (word: string) => {
    const { value } = await lines.next()
    if (value !== word) throw new Error(`${script} said ${String(value)}`)
  }
  after(async () => {
    stdin.end()
    await once(child, 'close')
  })
  await hear('ready')
  return {
    pid,
    work: async (line) => {
      stdin.write(`${line}\n`)
      await hear('done')
    },
  }
}
