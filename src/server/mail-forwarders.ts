import { isIP } from 'node:net'
import { ServerError } from './server-error.ts'

/** The flag of `serve` about the mail servers that pass on to the desk what they took for it. */
export const MAIL_FORWARDER = { 'mail-forwarder': { type: 'string' } } as const

/** A large provider passes mail on from many. */
const MOST = 32

/** `192.0.2.25,2001:db8::25`; `off` takes back what was said before. Throws `ServerError` usage. */
export function readForwarders(text: string | undefined): readonly string[] | 'off' | undefined {
  if (text === undefined || text === 'off') return text
  const forwarders = text.split(',')
  if (areForwarders(forwarders)) return forwarders
  throw new ServerError(
    'usage',
    `--mail-forwarder is one to ${MOST} addresses of your own mail servers, like 192.0.2.25 or 2001:db8::25, or off.`,
  )
}

/** Single addresses: a network that is passed over is one in which nobody else may have a place. */
export function areForwarders(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.length <= MOST && value.every(isAddress)
}

/** No zones: `fe80::1%eth0` is another machine after the next start. */
function isAddress(value: unknown): boolean {
  return typeof value === 'string' && !value.includes('%') && isIP(value) !== 0
}
