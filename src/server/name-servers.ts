import { isIP } from 'node:net'
import { ServerError } from './server-error.ts'

/** The flag of `serve` about whom it asks for what a mail names. */
export const MAIL_DNS = { 'mail-dns': { type: 'string' } } as const

const MOST = 8

/** `192.0.2.53`, `127.0.0.1:5353,[::1]:5353`; `off` takes back what was said before. Throws `ServerError` usage. */
export function readNameServers(text: string | undefined): readonly string[] | 'off' | undefined {
  if (text === undefined || text === 'off') return text
  const servers = text.split(',')
  if (areNameServers(servers)) return servers
  throw new ServerError(
    'usage',
    `--mail-dns is one to ${MOST} addresses of name servers, like 192.0.2.53 or 127.0.0.1:5353, or off.`,
  )
}

/** Addresses only: a name would have to be asked for. */
export function areNameServers(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) && value.length > 0 && value.length <= MOST && value.every(isNameServer)
  )
}

function isNameServer(value: unknown): boolean {
  if (typeof value !== 'string') return false
  // No zones: `fe80::1%eth0` is another machine after the next start.
  if (value.includes('%')) return false
  if (isIP(value) !== 0) return true
  const [, six, four, port = ''] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(value) ?? []
  const address = isIP(six ?? '') === 6 || isIP(four ?? '') === 4
  return address && Number(port) > 0 && Number(port) <= 65_535
}
