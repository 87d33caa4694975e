import { spawn } from 'node:child_process'

export interface Ran {
  readonly ok: boolean
  readonly output: string
}

/** Runs a program to its end; what it wrote to both streams is kept in the order it came. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...options.env },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    })
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
    const output = () => Buffer.concat(chunks).toString('utf8')
    child.on('error', (error) => resolve({ ok: false, output: `${output()}${error.message}\n` }))
    child.on('close', (code) => resolve({ ok: code === 0, output: output() }))
  })
}
