import { spawn, type ChildProcess } from 'node:child_process'
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createCluster, EMBEDDED_DATABASE, EMBEDDED_USER } from './cluster.ts'
import {
  findPostgres,
  majorOf,
  oneLine,
  postgresEnvironment,
  serverCommand,
} from './postgres-programs.ts'
import { claimOn, readPostmaster } from './postmaster-file.ts'
import { StoreError } from './store-error.ts'

export interface EmbeddedOptions {
  /** Holds `postgres` (the data), `socket` and `postgres.log`. */
  readonly dir: string
  readonly log: (line: string) => void
  readonly settings?: Readonly<Record<string, string>>
  /** Called once if the server ends although nobody stopped it. */
  readonly died?: (error: StoreError) => void
  /** The folder of other programs of PostgreSQL; PG_BIN by default. */
  readonly bin?: string
}

export interface EmbeddedPostgres {
  readonly config: { readonly host: string; readonly user: string; readonly database: string }
  readonly pid: number
  stop(): Promise<void>
}

const LOG_HOLDS = 1024 * 1024
/** `sockaddr_un` has 108 bytes and a zero at the end. */
const SOCKET_PATH = 107
const TICK = 10
const RETRY = 100
const STOPPING_TAKES = 60_000
/** A server whose starter was killed learns of it at once; after this it is somebody's. */
const NOTICING_TAKES = 3_000

/** No value of a statement reaches the log: errors are not logged at all, and details of none. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_destination: 'stderr',
  logging_collector: 'off',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_statement: 'none',
  log_min_duration_statement: '-1',
  log_min_duration_sample: '-1',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_autovacuum_min_duration: '-1',
  log_checkpoints: 'off',
}

/** Starts the PostgreSQL of this data folder, on a unix socket that only we may enter. */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const bin = findPostgres(options.bin ?? process.env.PG_BIN)
  const major = await majorOf(bin)
  const dir = resolve(options.dir)
  const data = join(dir, 'postgres')
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  if (!existsSync(join(data, 'PG_VERSION'))) {
    options.log('Making the database folder.')
    await createCluster({ dir, data, bin, major })
  }
  refuseOtherMajor(data, major)
  const socket = socketFolder(dir)
  try {
    const child = await start({ dir, data, socket: socket.path, bin, options })
    return supervise(child, socket, options)
  } catch (error) {
    socket.remove()
    throw error
  }
}

function refuseOtherMajor(data: string, major: number): void {
  const made = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim()
  if (Number(made) === major) return
  throw new StoreError(
    'wrong-major',
    `The data folder ${data} belongs to PostgreSQL ${made} and this is PostgreSQL ${major}: give PG_BIN of version ${made}, make a backup, and restore it into an empty folder.`,
  )
}

interface SocketFolder {
  readonly path: string
  remove(): void
}

function socketFolder(dir: string): SocketFolder {
  const own = join(dir, 'socket')
  if (fits(own)) {
    mkdirSync(own, { recursive: true, mode: 0o700 })
    chmodSync(own, 0o700)
    return { path: own, remove: () => undefined }
  }
  const path = mkdtempSync(join(tmpdir(), 'postern-'))
  const remove = (): void => rmSync(path, { recursive: true, force: true })
  if (fits(path)) return { path, remove }
  remove()
  throw new StoreError(
    'socket-path',
    `The paths of the data folder and of ${tmpdir()} are too long for a unix socket: set TMPDIR to a short path.`,
  )
}

/** PostgreSQL takes a list here: a comma or a quote in the path would be read as two folders. */
function fits(folder: string): boolean {
  if (/[,"]/.test(folder)) return false
  return Buffer.byteLength(join(folder, '.s.PGSQL.5432')) <= SOCKET_PATH
}

interface Place {
  readonly dir: string
  readonly data: string
  readonly socket: string
  readonly bin: string
  readonly options: EmbeddedOptions
}

async function start(place: Place): Promise<ChildProcess> {
  for (let tries = 1; ; tries++) {
    const left = await untilFree(place)
    const logFile = openLog(join(place.dir, 'postgres.log'))
    const child = launch(place, left, logFile.descriptor)
    const failure = await untilReady(child, place.data)
    closeSync(logFile.descriptor)
    if (failure === undefined) return child
    const said = logFile.since()
    // Somebody else was faster, or the backends of a killed server are still leaving.
    const taken = /lock file .* already exists|pre-existing shared memory block/.test(said)
    if (!taken || tries * RETRY > STOPPING_TAKES) throw startFailed(`${failure} ${oneLine(said)}`)
    await sleep(RETRY)
  }
}

function startFailed(why: string): StoreError {
  return new StoreError('start-failed', `PostgreSQL does not start: ${why}${namespaceHint(why)}`)
}

function namespaceHint(why: string): string {
  return /unshare/.test(why)
    ? ' As root it needs user namespaces: allow them, or start Postern as an ordinary user.'
    : ''
}

/**
 * Waits for a predecessor that is shutting down and names one that is not. Returns the number that
 * a dead one left behind.
 */
async function untilFree({ data, options }: Place): Promise<number | undefined> {
  let { holder, left } = claimOn(data)
  if (holder?.status === 'stopping') options.log('Waiting for the last database server to stop.')
  for (let waited = 0; holder !== undefined; waited += TICK) {
    if (waited > (holder.status === 'stopping' ? STOPPING_TAKES : NOTICING_TAKES)) {
      throw new StoreError(
        'folder-busy',
        `The data folder ${data} is in use: process ${holder.parent} runs its database server, process ${holder.pid}.`,
      )
    }
    await sleep(TICK)
    ;({ holder, left } = claimOn(data))
  }
  return left
}

function launch(
  { data, socket, bin, options }: Place,
  left: number | undefined,
  log: number,
): ChildProcess {
  const settings = { ...SETTINGS, ...options.settings, unix_socket_directories: socket }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const [program = '', ...args] = serverCommand(bin, ['-D', data, ...flags])
  const env = {
    ...postgresEnvironment(),
    // PostgreSQL would take a stranger with the old number for its living predecessor: this is its
    // own way of being told that it is not. Never a number that was not checked (two servers).
    ...(left !== undefined && { PG_GRANDPARENT_PID: String(left) }),
  }
  // Detached: a ^C at the terminal is for us; we stop PostgreSQL after our last transaction.
  const child = spawn(program, args, { env, stdio: ['ignore', log, log], detached: true })
  child.unref()
  return child
}

async function untilReady(child: ChildProcess, data: string): Promise<string | undefined> {
  let failure: string | undefined
  child.on('error', (error) => (failure = error.message))
  child.on('exit', (code, signal) => (failure = `It ended with ${signal ?? code}.`))
  for (;;) {
    await sleep(TICK)
    if (failure !== undefined) return failure
    const postmaster = readPostmaster(data)
    if (postmaster?.pid === child.pid && postmaster?.status === 'ready') return undefined
  }
}

function supervise(
  child: ChildProcess,
  socket: SocketFolder,
  options: EmbeddedOptions,
): EmbeddedPostgres {
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  let stopping = false
  child.on('exit', (code, signal) => {
    socket.remove()
    end()
    if (stopping) return
    options.died?.(
      new StoreError('postgres-died', `PostgreSQL ended by itself with ${signal ?? code}.`),
    )
  })
  return {
    config: { host: socket.path, user: EMBEDDED_USER, database: EMBEDDED_DATABASE },
    pid: child.pid ?? 0,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      stopping = true
      child.ref()
      child.kill('SIGINT')
      await ended
    },
  }
}

interface LogFile {
  readonly descriptor: number
  /** What was written since it was opened. */
  since(): string
}

/** At most two files of 1 MiB and what one run writes, which is a few lines. */
function openLog(file: string): LogFile {
  const before = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  const full = before > LOG_HOLDS
  if (full) renameSync(file, `${file}.1`)
  const descriptor = openSync(file, 'a', 0o600)
  return {
    descriptor,
    since: () =>
      readFileSync(file)
        .subarray(full ? 0 : before)
        .toString('utf8'),
  }
}
