import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** A real server in its own process. */
export type DemoServer = {
  /** The one-time secret of the set-up ceremony; `""` when the desk is open. */
  readonly setup: string
  /** Moves its clock by so many milliseconds. Only where it was started with a clock that moves. */
  readonly shift: (offset: number) => Promise<void>
  /** Resolves with its exit code, whenever that is. */
  readonly ended: Promise<number>
  readonly stop: () => Promise<void>
}

type Start = {
  readonly data: string
  /** The public origin. */
  readonly url: string
  readonly at: { readonly port: number } | { readonly socket: string }
  readonly clock: 'real' | 'moves'
}

const MAIN = join(import.meta.dirname, '../../src/server/main.ts')
const CLOCK = join(import.meta.dirname, 'shifted-clock.ts')

/** Starts `postern serve` on this data folder and waits until it is ready. Throws with what it said. */
export async function startServer({ data, url, at, clock }: Start): Promise<DemoServer> {
  const moves = clock === 'moves'
  const place =
    'port' in at ? ['--port', String(at.port)] : ['--socket', at.socket, '--limits', 'off']
  const env = { ...process.env }
  // An example must never be written into somebody's database.
  delete env['DATABASE_URL']
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      ...(moves ? ['--import', CLOCK] : []),
      MAIN,
      'serve',
      '--json',
      '--data',
      data,
      '--url',
      url,
      ...place,
    ],
    { stdio: ['ignore', 'pipe', 'pipe', ...(moves ? (['ipc'] as const) : [])], env },
  )
  const ended = endOf(child)
  const said: string[] = []
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said.push(text)
    if (said.length > 50) said.shift()
  })
  const setup = await Promise.race([
    readiness(child),
    ended.then(() => {
      throw new Error(`the demo's server ended: ${said.join('').slice(-2000)}`)
    }),
  ])
  return {
    setup,
    ended,
    shift: async (offset) => {
      child.send(offset)
      await once(child, 'message')
    },
    stop: async () => {
      if (child.exitCode === null) child.kill('SIGTERM')
      await ended
    },
  }
}

/** Is this port free on this machine? */
export async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  const listening = once(server.listen({ host: '127.0.0.1', port }), 'listening')
  const free = await listening.then(
    () => true,
    () => false,
  )
  if (free) await new Promise((done) => server.close(done))
  return free
}

async function endOf(child: ChildProcess): Promise<number> {
  const [code] = (await once(child, 'exit')) as [number | null]
  return code ?? 1
}

/** The line that says `ready`; the secret of the set-up in it. */
async function readiness({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('the server has no output')
  for await (const line of createInterface({ input: stdout })) {
    const found = /"ready":true/.test(line)
    // Read on, or the server's next word would find a full pipe.
    if (found) {
      stdout.resume()
      return /"secret":"([0-9a-f]{64})"/.exec(line)?.[1] ?? ''
    }
  }
  throw new Error('the server closed its output')
}
