import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { runCommand, type Ran } from './run-command.ts'

/** Programs that tests call, and the Debian packages that bring them, with what they only recommend. */
const packages: Readonly<Record<string, string>> = {
  strace: 'strace',
  gdb: 'gdb',
  gpg: 'gnupg',
  openssl: 'openssl',
  python3: 'python3',
  xxd: 'xxd',
  git: 'git',
  swaks: 'swaks libnet-ssleay-perl',
  sq: 'sq',
  rnp: 'rnp',
  dovecot: 'dovecot-imapd',
  chromium: 'chromium',
  'chromium-headless-shell': 'chromium-headless-shell',
  neomutt: 'neomutt',
  script: 'bsdutils',
  unshare: 'util-linux',
  setpriv: 'util-linux',
}

export function missingPackages(path: string = process.env['PATH'] ?? ''): readonly string[] {
  const missing = Object.keys(packages).filter((program) => !isOnPath(program, path))
  return [...new Set(missing.flatMap((program) => (packages[program] ?? program).split(' ')))]
}

export function askForPackages(missing: readonly string[]): string {
  return `The tests need ${missing.join(', ')}; as root run: apt-get install ${missing.join(' ')}`
}

export async function installPackages(missing: readonly string[]): Promise<Ran> {
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  const updated = await runCommand('apt-get', ['update', '-q'], { env })
  if (!updated.ok) return updated
  const install = ['install', '-y', '-q', '--no-install-recommends', ...missing]
  return runCommand('apt-get', install, { env })
}

function isOnPath(program: string, path: string): boolean {
  return path.split(':').some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
