import { BlockList, isIP, isIPv6 } from 'node:net'
import { ServerError } from './server-error.ts'

/** Can only this machine reach what listens there? */
export function isLoopback(host: string): boolean {
  if (host === 'localhost') return true
  return isIP(host) !== 0 && LOOPBACK.check(host, isIPv6(host) ? 'ipv6' : 'ipv4')
}

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

/** The host of an origin, an IPv6 address without its brackets. */
export function hostOf(origin: string): string {
  return new URL(origin).hostname.replace(/^\[(.*)\]$/, '$1')
}

/** The one public origin: scheme, host and port, nothing behind. Throws `ServerError` usage. */
export function originOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  const plain =
    parsed !== undefined &&
    ['http:', 'https:'].includes(parsed.protocol) &&
    [parsed.origin, `${parsed.origin}/`].includes(parsed.href) &&
    parsed.username === ''
  if (plain) return parsed.origin
  throw new ServerError(
    'usage',
    '--url is the public address of the desk, like https://security.example.org, with nothing behind it.',
  )
}
