import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { selfSignedCertificate } from '../src/server/self-signed-certificate.ts'
import { freePort } from './stage.ts'

/* A mailbox as foundations have one: Debian's dovecot, over IMAP with TLS, for one user. */

export const MAILBOX_USER = 'desk@example.org'
export const MAILBOX_PASSWORD = 'a password with # and "quotes"'

export type Dovecot = {
  readonly port: number
  /** PEM: what `localhost` shows. */
  readonly ca: string
  readonly folder: string
  /** As a mail server delivers into it. */
  readonly deliver: (mail: string | Uint8Array, name?: string) => void
  /** `UIDVALIDITY` becomes another: mails keep their bytes and lose their numbers and marks. */
  readonly rebuild: () => void
  readonly stop: () => Promise<void>
  readonly start: () => Promise<void>
  /** Stopped, and its folder gone. */
  readonly close: () => Promise<void>
}

/** As an account without rights, where the tests are root. */
export async function startDovecot(more = ''): Promise<Dovecot> {
  const folder = mkdtempSync(join(tmpdir(), 'postern-dovecot-'))
  const port = await freePort()
  const root = process.getuid?.() === 0
  const account = root ? { uid: 65534, gid: 65534, name: 'nobody' } : ownAccount()
  const own = (path: string): void => chownSync(path, account.uid, account.gid)
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
  const { cert, key } = selfSignedCertificate('localhost', { now: Date.now(), random })
  chmodSync(folder, 0o755)
  own(folder)
  const mails = join(folder, 'mails')
  const file = (name: string, text: string): string => {
    const path = join(folder, name)
    writeFileSync(path, text)
    own(path)
    return path
  }
  const box = (): void => {
    for (const part of ['', 'cur', 'new', 'tmp']) {
      mkdirSync(join(mails, part), { recursive: true })
      own(join(mails, part))
    }
  }
  box()
  const conf = file(
    'dovecot.conf',
    configOf({
      folder,
      port,
      cert: file('cert.pem', cert),
      key: file('key.pem', key),
      users: file('users', `${MAILBOX_USER}:{PLAIN}${MAILBOX_PASSWORD}::::::\n`),
      account,
      more,
    }),
  )
  const ids = [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups']
  const command = [...(root ? ['setpriv', ...ids] : []), 'dovecot', '-F', '-c', conf]
  let child: ChildProcess | undefined
  const stop = async (): Promise<void> => {
    if (child === undefined) return
    const gone = once(child, 'close')
    const { pid = 0 } = child
    child = undefined
    // Its workers outlive it by ten seconds.
    process.kill(-pid, 'SIGTERM')
    await gone
  }
  const start = async (): Promise<void> => {
    child = spawn(command[0] ?? '', command.slice(1), { stdio: 'ignore', detached: true })
    await listening(port)
  }
  // A test that fails leaves no server behind.
  process.once('exit', () => {
    if (child?.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  })
  await start()
  let delivered = 0
  return {
    port,
    ca: cert,
    folder,
    deliver: (mail, name = `${Date.now()}.${delivered++}.test`) => {
      const path = join(mails, 'new', name)
      writeFileSync(path, mail)
      own(path)
    },
    rebuild: () => {
      for (const name of [
        'dovecot-uidlist',
        'dovecot.index',
        'dovecot.index.log',
        'dovecot.index.cache',
        'dovecot-keywords',
      ])
        rmSync(join(mails, name), { force: true })
    },
    stop,
    start,
    close: async () => {
      await stop()
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

type Account = { readonly uid: number; readonly gid: number; readonly name: string }

function ownAccount(): Account {
  const { uid, gid, username } = userInfo()
  return { uid, gid, name: username }
}

function configOf({ folder, port, cert, key, users, account, more }: Config): string {
  return `
base_dir = ${folder}/run
state_dir = ${folder}/state
protocols = imap
listen = 127.0.0.1
log_path = ${folder}/log
ssl = required
ssl_cert = <${cert}
ssl_key = <${key}
mail_location = maildir:${folder}/mails
first_valid_uid = 0
first_valid_gid = 0
default_internal_user = ${account.name}
default_internal_group = ${account.gid === 65534 ? 'nogroup' : account.name}
default_login_user = ${account.name}
mail_max_userip_connections = 20
auth_failure_delay = 0
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u ${users}
}
userdb {
  driver = static
  args = uid=${account.uid} gid=${account.gid} home=${folder}/mails
}
service imap-login {
  chroot =
  inet_listener imap {
    port = 0
  }
  inet_listener imaps {
    port = ${port}
    ssl = yes
  }
}
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  chroot =
}
${more}
`
}

type Config = {
  readonly folder: string
  readonly port: number
  readonly cert: string
  readonly key: string
  readonly users: string
  readonly account: Account
  readonly more: string
}

async function listening(port: number): Promise<void> {
  for (let left = 200; ; left--) {
    const socket = connect(port, '127.0.0.1')
    const up = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (up) return
    if (left === 0) throw new Error('dovecot does not start')
    await wait(50)
  }
}
