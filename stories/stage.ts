import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { isStrong } from '#lexicon'
import { withNameServer } from './name-server.ts'

/*
 * The stage of the stories: a real server in its own process and data folder, and the real command
 * line in others. Nothing is stubbed; everything speaks over loopback.
 */

const ROOT = join(import.meta.dirname, '..')
export const PASSPHRASE = 'the stage is real and the play is short'

export type Ran = { readonly code: number; readonly out: string; readonly err: string }

/** Runs `bin/postern`. Each person gets their own state folder, as on their own machine. */
export async function postern(
  args: readonly string[],
  options: { input?: string; env?: Readonly<Record<string, string>> } = {},
): Promise<Ran> {
  const child = spawn(join(ROOT, 'bin', 'postern'), args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, POSTERN_PASSPHRASE: PASSPHRASE, ...options.env },
  })
  child.stdin.end(options.input ?? '')
  return ended(child)
}

/** Runs a command that must succeed, and reads its JSON. */
export async function play<T>(args: readonly string[], options?: Parameters<typeof postern>[1]) {
  const ran = await postern(args, options)
  if (ran.code !== 0) throw new Error(`postern ${args.join(' ')}\nexit ${ran.code}: ${ran.err}`)
  return JSON.parse(ran.out) as T
}

async function ended(child: ChildProcess): Promise<Ran> {
  let out = ''
  let err = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text))
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  return { code: code ?? (signal === null ? -1 : 128), out, err }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** A folder that is removed when the story ends. */
export async function scratchFolder(after: (end: () => Promise<void>) => void): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-story-'))
  after(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}

/** A server that runs in its own process. */
export type Running = {
  readonly url: string
  readonly port: number
  readonly data: string
  readonly pid: number
  /** All that it printed so far, both streams. */
  readonly printed: () => string
  /** Clean stop. */
  readonly stop: () => Promise<Ran>
  /** kill -9, without a word. */
  readonly kill: () => Promise<void>
}

export type ServerOptions = {
  readonly data: string
  /** The public origin, where it is another than the port's own (a proxy in front). */
  readonly url?: string
  readonly port?: number
  readonly more?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** What stands before the command: `strace …`. */
  readonly under?: readonly string[]
}

/** Starts `bin/postern serve` and waits until it answers. */
export async function serve(options: ServerOptions): Promise<Running> {
  const port = options.port ?? (await freePort())
  const url = options.url ?? `http://localhost:${port}`
  const command = [
    ...(options.under ?? []),
    join(ROOT, 'bin', 'postern'),
    'serve',
    '--data',
    options.data,
    '--port',
    String(port),
    '--url',
    url,
    ...(await withNameServer(options.more ?? ['--limits', 'off'])),
  ]
  const child = spawn(command[0] ?? '', command.slice(1), {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
  })
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed += text))
  const gone = ended(child)
  await answering(child, `http://127.0.0.1:${port}/health`, () => printed)
  return {
    url,
    port,
    data: options.data,
    pid: child.pid ?? 0,
    printed: () => printed,
    stop: async () => {
      child.kill('SIGTERM')
      return gone
    },
    kill: async () => {
      child.kill('SIGKILL')
      await gone
    },
  }
}

/** A server that ends is noticed at once; this is for one that hangs, on a machine with much else to do. */
const GIVEN_UP_AFTER = 120_000

async function answering(child: ChildProcess, health: string, printed: () => string) {
  for (const until = performance.now() + GIVEN_UP_AFTER; performance.now() < until;) {
    if (child.exitCode !== null) throw new Error(`the server ended: ${printed()}`)
    const answer = await fetch(health).catch(() => undefined)
    // It answers before it has said everything; the set-up link comes last.
    if (answer?.ok === true && printed().includes('Postern is ready')) return
    await wait(50)
  }
  throw new Error(`the server does not answer: ${printed()}`)
}

/** A member's command line: their key file, their state folder, the desk's address. */
export type Actor = {
  readonly name: string
  readonly key: string
  readonly flags: readonly string[]
}

export type OpenDesk = {
  readonly folder: string
  readonly server: Running
  readonly first: Actor
  readonly root: string
  readonly desk: string
}

/** A desk that was set up through its one-time link, with its first coordinator. */
export async function openDesk(
  after: (end: () => Promise<void>) => void,
  options: Partial<ServerOptions> = {},
): Promise<OpenDesk> {
  const folder = await scratchFolder(after)
  const server = await serve({ data: join(folder, 'data'), ...options })
  after(async () => {
    await server.stop()
  })
  const link = /http\S*#([0-9a-f]{64})/.exec(server.printed())
  const key = join(folder, 'coordinator-1.key')
  const made = await play<{ desk: string; root: string }>([
    'init',
    '--to',
    server.url,
    '--setup',
    link?.[1] ?? '',
    '--name',
    'Example Foundation',
    '--domain',
    'security.example.org',
    '--coordinator',
    'coordinator@example.org',
    '--key-out',
    key,
    '--json',
  ])
  const first = actor(server.url, folder, 'Coordinator 1', key)
  return { folder, server, first, root: made.root, desk: made.desk }
}

function actor(url: string, folder: string, name: string, key: string): Actor {
  const state = join(folder, `state-${name.replaceAll(' ', '-')}`)
  return { name, key, flags: ['--to', url, '--as', key, '--state', state, '--json'] }
}

/**
 * Invites, accepts and admits: a member with this role. Where the first coordinator admits, the root words
 * from their paper stand in for the second person.
 */
export async function addMember(
  desk: OpenDesk,
  name: string,
  role: string,
  by: Actor = desk.first,
): Promise<Actor> {
  const { invitation } = await play<{ invitation: string }>([
    'member',
    'invite',
    '--role',
    role,
    ...by.flags,
  ])
  const key = join(desk.folder, `${name.replaceAll(' ', '-')}.key`)
  const state = join(desk.folder, `state-${name.replaceAll(' ', '-')}`)
  await play([
    'member',
    'accept',
    '--to',
    desk.server.url,
    '--invitation',
    invitation,
    '--name',
    name,
    '--key-out',
    key,
    '--state',
    state,
    '--json',
  ])
  const admission = ['member', 'admit', name, '--met', 'words', ...by.flags]
  if (by === desk.first && isStrong([role])) await play([...admission, '--root'], withRoot(desk))
  else await play(admission)
  return actor(desk.server.url, desk.folder, name, key)
}

/** For commands with `--root`: the words on the paper of this desk. */
export function withRoot({ root }: Pick<OpenDesk, 'root'>) {
  return { env: { POSTERN_ROOT: root } }
}

export type Filed = { receipt: string; number: string; received: string; sha256: string }

/** Files a report from a fresh machine. */
export async function file(
  desk: OpenDesk,
  text: string,
  more: readonly string[] = [],
): Promise<Filed> {
  const path = join(desk.folder, `report-${Math.random().toString(36).slice(2)}.md`)
  await writeFile(path, text)
  return play<Filed>(['report', ...reporterFlags(desk), '--text', path, ...more])
}

/** A reporter has no key file, and a state folder that nobody else uses. */
export function reporterFlags(
  desk: Pick<OpenDesk, 'folder' | 'desk'> & { readonly server: { readonly url: string } },
): readonly string[] {
  return [
    '--to',
    desk.server.url,
    '--desk',
    desk.desk,
    '--state',
    join(desk.folder, 'state-reporter'),
    '--json',
  ]
}

export type Followed = {
  number: string
  state: string
  messages: {
    from: string
    at: string
    text: string
    attachments: { name: string; size: number; sha256: string }[]
  }[]
}

export function follow(desk: OpenDesk, receipt: string, more: readonly string[] = []) {
  return play<Followed>(['follow', ...reporterFlags(desk), '--receipt', receipt, ...more])
}

export type QueueRow = {
  id: string
  number: string
  title: string
  state: string
  sort: string
  received: string
  due: string
  lane: string
}

export async function queueOf(by: Actor, more: readonly string[] = []): Promise<QueueRow[]> {
  return (await play<{ cases: QueueRow[] }>(['queue', ...more, ...by.flags])).cases
}
