import { BlockList, isIP } from 'node:net'
import { openPace } from '#lexicon'
import { networkOf } from './tally.ts'

/** For each network: a provider has many servers in one, and none writes more reports than this to one desk. */
const USUAL = { burst: 300, perHour: 300 }

/**
 * May a mail come from this address now? Whoever is over the limit is told to come later, and keeps the mail.
 * `networkOf`: `""` for whom nothing is counted.
 */
export function openMailPace(
  networkOf: (ip: string) => string,
  clock: () => number,
  limit = USUAL,
): (ip: string) => boolean {
  const pace = openPace(limit, clock)
  return (ip) => {
    const network = networkOf(ip)
    return network === '' || pace.take(network)
  }
}

/**
 * The network that a mail is counted for. `""` for this machine and for the forwarders that the operator names:
 * what they carry on is of many senders, and has its limits there.
 */
export function senderNetworks(forwarders: readonly string[]): (ip: string) => string {
  const named = new BlockList()
  for (const each of forwarders) named.addAddress(each, familyOf(each))
  return (ip) => (isIP(ip) !== 0 && named.check(ip, familyOf(ip)) ? '' : wideNetworkOf(ip))
}

function familyOf(ip: string): 'ipv4' | 'ipv6' {
  return isIP(ip) === 6 ? 'ipv6' : 'ipv4'
}

/** /24 of IPv4, /48 of IPv6: what one customer is given. `""` for this machine. */
export function wideNetworkOf(ip: string): string {
  const plain = ip.replace(/^::ffff:(?=[\d.]+$)/i, '')
  if (isIP(plain) === 4) {
    const [first, ...more] = plain.split('.')
    return first === '127' ? '' : [first, ...more.slice(0, 2)].join('.')
  }
  return plain === '::1' ? '' : networkOf(plain).split(':').slice(0, 3).join(':')
}
