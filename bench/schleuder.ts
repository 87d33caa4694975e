import { execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { installPackages } from '../tools/system-packages.ts'
import { endedTime } from './process-tree.ts'

const run = promisify(execFile)

/** A mailing list of Schleuder 4 with five subscribers, in a folder of its own. */
export type Schleuder = {
  /** Takes one mail, as a mail server hands it over. Milliseconds of processor time. */
  readonly work: (mail: Uint8Array) => Promise<number>
  /** Files with the certificates of the five, in armor. */
  readonly certificates: readonly string[]
}

export const LIST = 'list@desk.example'
export const PEOPLE = 5

/** Installs it where it is not, so this needs root; it runs as its own user. Its mails go to `port`. */
export async function startSchleuder(
  after: (end: () => Promise<void>) => void,
  port: number,
): Promise<Schleuder> {
  if (!isInstalled()) {
    const { ok, output } = await installPackages(['schleuder'])
    if (!ok) throw new Error(`Schleuder cannot be installed: ${output}`)
  }
  const folder = await mkdtemp(join(tmpdir(), 'postern-schleuder-'))
  after(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  await writeSettings(folder, port)
  const env = {
    PATH: '/usr/bin:/bin:/usr/sbin:/sbin',
    HOME: folder,
    LANG: 'C.UTF-8',
    SCHLEUDER_CONFIG: join(folder, 'schleuder.yml'),
    SCHLEUDER_LIST_DEFAULTS: join(folder, 'list-defaults.yml'),
  }
  const as = ['-u', 'schleuder', '--']
  await makeKeys(folder)
  await run('chown', ['-R', 'schleuder', folder])
  await run('runuser', [...as, 'schleuder', 'install'], { env })
  await run('runuser', [...as, 'ruby', join(folder, 'set-up.rb')], { env })
  after(async () => {
    await run('pkill', ['-u', 'schleuder', '-f', folder]).catch(() => undefined)
  })
  const people = Array.from({ length: PEOPLE }, (_, n) => n + 1)
  return {
    certificates: people.map((n) => join(folder, 'keys', `${n}.asc`)),
    work: async (mail) => {
      const before = endedTime()
      const child = spawn('runuser', [...as, 'schleuder', 'work', LIST], {
        env,
        cwd: folder,
        stdio: ['pipe', 'ignore', 'inherit'],
      })
      child.stdin.end(mail)
      const [code] = (await once(child, 'close')) as [number | null]
      if (code !== 0) throw new Error(`Schleuder ended with ${String(code)}`)
      return endedTime() - before
    },
  }
}

function isInstalled(): boolean {
  try {
    execFileSync('which', ['schleuder'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

async function writeSettings(folder: string, port: number): Promise<void> {
  const at = (name: string) => join(folder, name)
  for (const name of ['lists', 'logs', 'keywords', 'filters', 'gnupg', 'keys'])
    await mkdir(at(name), { mode: 0o700 })
  await chmod(folder, 0o700)
  await copyFile('/etc/schleuder/list-defaults.yml', at('list-defaults.yml'))
  await writeFile(
    at('schleuder.yml'),
    `lists_dir: ${at('lists')}
listlogs_dir: ${at('logs')}
keyword_handlers_dir: ${at('keywords')}
filters_dir: ${at('filters')}
log_level: warn
keyserver:
superadmin: root@localhost
smtp_settings:
  address: 127.0.0.1
  port: ${port}
  enable_starttls_auto: false
database:
  production:
    adapter: 'sqlite3'
    database: ${at('db.sqlite')}
    timeout: 5000
`,
  )
  await writeFile(
    at('set-up.rb'),
    `$VERBOSE = nil
$LOAD_PATH.unshift '/usr/lib/ruby/vendor_ruby'
require 'schleuder/cli'
keys = (1..${PEOPLE}).map { |n| File.read("${at('keys')}/#{n}.asc") }
list, trouble = Schleuder::ListBuilder.new({ email: '${LIST}' }, '1@desk.example', nil, keys[0]).run
abort trouble.inspect if list.nil?
(2..${PEOPLE}).each { |n| list.subscribe("#{n}@desk.example", nil, false, true, keys[n - 1]) }
abort 'not all are there' unless list.subscriptions.count == ${PEOPLE}
`,
  )
}

async function makeKeys(folder: string): Promise<void> {
  const home = join(folder, 'gnupg')
  const gpg = (...args: readonly string[]) =>
    run('gpg', ['--homedir', home, '--batch', '--quiet', '--passphrase', '', ...args])
  for (let n = 1; n <= PEOPLE; n++) {
    const id = `${n}@desk.example`
    await gpg('--quick-generate-key', id, 'ed25519', 'cert,sign', 'never')
    const { stdout } = await gpg('--with-colons', '-K', id)
    const fingerprint = /^fpr:+([0-9A-F]+):/m.exec(stdout)?.[1] ?? ''
    await gpg('--quick-add-key', fingerprint, 'cv25519', 'encr', 'never')
    const key = join(folder, 'keys', `${n}.asc`)
    await gpg('--armor', '--output', key, '--export', fingerprint)
    if ((await readFile(key, 'utf8')).length === 0) throw new Error('a key that is empty')
  }
  await run('gpgconf', ['--homedir', home, '--kill', 'all'])
}
