import { BlockList, isIP, isIPv6 } from 'node:net'

/** Decides whose request this is, for limits only. Nothing of it is stored or logged. */
export type AddressOf = (peer: string | undefined, forwarded: string | null) => string

/**
 * X-Forwarded-For is believed only from a trusted proxy, and only its last entry that is not itself
 * a trusted proxy: everything before that is the visitor's own invention (R17).
 */
export function addressReader(trustedProxies: readonly string[]): AddressOf {
  const trusted = new BlockList()
  for (const proxy of trustedProxies) trusted.addAddress(proxy, familyOf(proxy))
  const isTrusted = (address: string) =>
    isIP(address) !== 0 && trusted.check(address, familyOf(address))
  return (peer, forwarded) => {
    const direct = plainAddress(peer ?? '')
    if (!isTrusted(direct)) return direct
    const hops = (forwarded ?? '').split(',').map((hop) => plainAddress(hop.trim()))
    return hops.findLast((hop) => isIP(hop) !== 0 && !isTrusted(hop)) ?? direct
  }
}

/** One visitor holds a whole /64 of IPv6: the limits count that. */
export function limitedPart(address: string): string {
  if (!isIPv6(address)) return address
  const [head = '', tail = ''] = address.split('::')
  const left = head.split(':')
  const right = tail === '' ? [] : tail.split(':')
  const zeros = address.includes('::')
    ? Array<string>(8 - left.length - right.length).fill('0')
    : []
  return [...left, ...zeros, ...right].slice(0, 4).join(':')
}

/** `::ffff:192.0.2.1` is 192.0.2.1. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4'
}
