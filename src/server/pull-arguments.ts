import { resolve } from 'node:path'
import type { PullThen } from '#intake'
import type { MailPull } from './pull-settings.ts'
import { ServerError } from './server-error.ts'

/** The flags of `serve` about a mailbox that it reads. */
export const MAIL_PULL = {
  pull: { type: 'string' },
  'pull-password-file': { type: 'string' },
  'pull-token-file': { type: 'string' },
  'pull-then': { type: 'string' },
  'pull-ca': { type: 'string' },
} as const

type Values = Readonly<Partial<Record<keyof typeof MAIL_PULL, string>>>

/** What is said now; `off` takes back what was said before. Throws `ServerError` usage. */
export function readPull(values: Values): MailPull | 'off' | undefined {
  const { pull, 'pull-password-file': password, 'pull-token-file': token } = values
  const { 'pull-then': afterwards = 'keep', 'pull-ca': ca } = values
  if (pull === undefined || pull === 'off') {
    const more = Object.keys(values).filter((name) => name.startsWith('pull-'))
    if (more.length > 0) throw usage(`--${more.join(' and --')} belong to --pull imaps://….`)
    return pull
  }
  const secretFile = password ?? token
  if (secretFile === undefined || (password !== undefined && token !== undefined))
    throw usage('--pull needs --pull-password-file or --pull-token-file, and not both.')
  return {
    ...mailboxIn(pull),
    afterwards: afterwardsIn(afterwards),
    secret: password === undefined ? 'token' : 'password',
    // Kept, and the next start may be in another folder.
    secretFile: resolve(secretFile),
    ...(ca !== undefined && { caFile: resolve(ca) }),
  }
}

/** `imaps://security%40example.org@mail.example.org/INBOX`. TLS from the first byte, and nothing else. */
function mailboxIn(text: string): Pick<MailPull, 'host' | 'port' | 'user' | 'folder'> {
  const wrong = usage(
    '--pull is imaps://USER@HOST/FOLDER, like imaps://desk@mail.example.org/INBOX.',
  )
  let url: URL
  let [user, folder] = ['', '']
  try {
    url = new URL(text)
    user = decodeURIComponent(url.username)
    folder = decodeURIComponent(url.pathname.slice(1))
  } catch {
    throw wrong
  }
  // Every other account of this machine reads a command line.
  if (url.password !== '')
    throw usage(
      'No password belongs into --pull: put it into a file, and name it with --pull-password-file.',
    )
  const whole = url.protocol === 'imaps:' && url.hostname !== '' && user !== ''
  if (!whole || url.search !== '' || url.hash !== '' || /\p{Cc}/u.test(user + folder)) throw wrong
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  return { host, port: Number(url.port || 993), user, folder: folder === '' ? 'INBOX' : folder }
}

function afterwardsIn(text: string): PullThen {
  if (text === 'keep' || text === 'delete') return text
  const move = /^move:(.+)$/.exec(text)?.[1]
  if (move === undefined || /\p{Cc}/u.test(move))
    throw usage('--pull-then is keep, move:FOLDER or delete.')
  return { move }
}

function usage(message: string): ServerError {
  return new ServerError('usage', message)
}
