import { spawn } from 'node:child_process'
import { mkdtemp, opendir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { SurveyError } from './survey-error.ts'

/**
 * A bare repository of our own, in which strangers’ objects are read. Its configuration is ours: that of a
 * repository that was handed in names programs (core.sshCommand, core.fsmonitor, gpg.program, hooks), and is
 * never read by git.
 */
export type Bench = {
  /** Runs git and gives its output. Throws `SurveyError`. */
  readonly git: (...args: readonly string[]) => Promise<Buffer>
  readonly close: () => Promise<void>
}

export type BenchLimits = {
  /** Milliseconds that one call may take. */
  readonly time: number
  /** Bytes that one call may print, and bytes that all of a fetch may put on the disk. */
  readonly output: number
  readonly disk: number
}

export const USUAL_LIMITS: BenchLimits = {
  time: 120_000,
  output: 4 * 1024 * 1024,
  disk: 256 * 1024 * 1024,
}

export type BenchOptions = {
  readonly scratch: string
  /** Folders of objects that are read beside its own. */
  readonly objects?: string
  /** May it fetch by https? Otherwise no way out of the machine is open to it. */
  readonly online: boolean
  readonly limits: BenchLimits
  /** A certificate to trust, as git takes it; for a host of one’s own. */
  readonly trust?: string | undefined
}

export async function openBench(options: BenchOptions): Promise<Bench> {
  const folder = await mkdtemp(join(options.scratch, 'postern-survey-'))
  const close = () => rm(folder, { recursive: true, force: true })
  const git = (...args: readonly string[]) => run(folder, options, args)
  try {
    await git('init', '--quiet', '--bare', '--template=', folder)
    return { git, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Nothing from outside: no configuration of the machine or of its user, no prompts, no agents, no proxies but the usual ones. */
function environment({ objects, online, trust }: BenchOptions, folder: string) {
  const kept = ['PATH', 'https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY']
  return {
    ...Object.fromEntries(
      kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
    ),
    HOME: folder,
    LC_ALL: 'C',
    GIT_DIR: folder,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: 'false',
    SSH_ASKPASS: 'false',
    GIT_SSH_COMMAND: 'false',
    GIT_PROTOCOL_FROM_USER: '0',
    GIT_ALLOW_PROTOCOL: online ? 'https' : 'none',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    ...(trust === undefined ? {} : { GIT_SSL_CAINFO: trust }),
    ...(objects === undefined ? {} : { GIT_ALTERNATE_OBJECT_DIRECTORIES: JSON.stringify(objects) }),
  }
}

/** Said again on the command line, which nothing overrides. */
const SETTINGS = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'credential.helper=',
  'http.followRedirects=false',
  'http.sslVerify=true',
  'transfer.fsckObjects=true',
  'fetch.recurseSubmodules=false',
  'gc.auto=0',
  'maintenance.auto=false',
].flatMap((setting) => ['-c', setting])

function run(folder: string, options: BenchOptions, args: readonly string[]): Promise<Buffer> {
  const { limits } = options
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['--no-pager', ...SETTINGS, ...args], {
      cwd: folder,
      env: environment(options, folder),
      stdio: ['ignore', 'pipe', 'pipe'],
      // Its own group: what it starts ends with it.
      detached: true,
    })
    const chunks: Buffer[] = []
    let size = 0
    let errors = ''
    let stopped: SurveyError | undefined
    const stop = (error: SurveyError) => {
      stopped ??= error
      if (child.pid === undefined) return
      try {
        process.kill(-child.pid, 'SIGKILL')
      } catch {
        // It ended by itself meanwhile.
      }
    }
    const slow = setTimeout(() => {
      stop(new SurveyError('too-slow', 'The repository did not answer in time.'))
    }, limits.time)
    const watch = setInterval(() => {
      void sizeOf(folder).then((bytes) => (bytes > limits.disk ? stop(tooLarge()) : undefined))
    }, 500)
    const end = () => {
      clearTimeout(slow)
      clearInterval(watch)
    }
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > limits.output) stop(tooLarge())
      else chunks.push(chunk)
    })
    child.stderr.on('data', (chunk: Buffer) => {
      if (errors.length < 2000) errors += chunk.toString('latin1')
    })
    child.on('error', (cause) => {
      end()
      reject(new SurveyError('git', 'There is no git on this machine: install it.', { cause }))
    })
    child.on('close', (code) => {
      end()
      if (stopped !== undefined) reject(stopped)
      else if (code === 0) resolve(Buffer.concat(chunks))
      else reject(errorOf(errors))
    })
  })
}

function tooLarge(): SurveyError {
  return new SurveyError('too-large', 'The repository is larger than is looked at.')
}

/** What git says may hold what a server says: it is looked at, and not repeated. */
function errorOf(said: string): SurveyError {
  const online =
    /unable to access|Could not resolve|Failed to connect|Authentication|not found|terminal prompts|redirect|RPC failed/i
  return online.test(said)
    ? new SurveyError('unreachable', 'The repository could not be fetched from there.')
    : new SurveyError('git', 'Git could not read the repository.')
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0
  try {
    for await (const entry of await opendir(folder, { recursive: true })) {
      if (!entry.isFile()) continue
      const found = await stat(join(entry.parentPath, entry.name)).catch(() => undefined)
      bytes += found?.size ?? 0
    }
  } catch {
    // Files come and go while git works.
  }
  return bytes
}
