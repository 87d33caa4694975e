import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Bytes, hexOfBytes } from '#lexicon'
import { withNameServer } from '../../stories/name-server.ts'

/* For tests: the operator's commands in processes of their own, on folders that go away. */

export type Ended = { readonly code: number | null; readonly out: string; readonly err: string }

export type Running = {
  readonly url: string
  readonly secret: string | undefined
  readonly child: ChildProcess
  readonly printed: () => { readonly out: string; readonly err: string }
  /** Sends a signal and waits for the end. */
  readonly end: (signal?: NodeJS.Signals) => Promise<Ended>
}

type Options = { readonly env?: Readonly<Record<string, string>> }

/** A test that fails leaves no server and no folder behind. */
const running = new Set<ChildProcess>()
const folders: string[] = []
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

const MAIN = join(import.meta.dirname, 'main.ts')

export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'postern-server-'))
  folders.push(folder)
  return folder
}

/** A data folder whose server key the test knows. */
export function folderWithKey(folder: string, seed: Bytes): string {
  const data = join(folder, 'data')
  mkdirSync(data, { recursive: true, mode: 0o700 })
  writeFileSync(join(data, 'server.key'), `${hexOfBytes(seed)}\n`, { mode: 0o600 })
  return data
}

export async function operate(args: readonly string[], options: Options = {}): Promise<Ended> {
  return startProcess(args, options).ended
}

/** Starts a server on a free port, and waits for its line. */
export async function serveTrial(args: readonly string[], options: Options = {}): Promise<Running> {
  const where = args.includes('--socket') || args.includes('--port') ? [] : ['--port', '0']
  const named = await withNameServer(args)
  const { child, printed, ended } = startProcess(['serve', ...where, '--json', ...named], options)
  while (!printed().out.includes('\n')) {
    const event = await Promise.race([once(child.stdout ?? child, 'data'), ended])
    if ('code' in event) throw new Error(`the server ended with ${event.code}: ${event.err}`)
  }
  const ready = JSON.parse(printed().out) as { url: string; setup?: { secret: string } }
  return {
    url: ready.url,
    secret: ready.setup?.secret,
    child,
    printed,
    end: (signal = 'SIGTERM') => {
      child.kill(signal)
      return ended
    },
  }
}

/** A request as our clients send it. */
export async function postJson(url: string, path: string, body: unknown): Promise<Response> {
  const origin = new URL(url).origin
  const headers = { origin, 'content-type': 'application/json' }
  return fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
}

function startProcess(args: readonly string[], { env }: Options) {
  const { DATABASE_URL: _, ...rest } = process.env
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...rest, ...env },
  })
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  const ended = once(child, 'close').then(([code]): Ended => ({
    code: typeof code === 'number' ? code : null,
    out,
    err,
  }))
  running.add(child)
  void ended.then(() => running.delete(child))
  return { child, ended, printed: () => ({ out, err }) }
}
