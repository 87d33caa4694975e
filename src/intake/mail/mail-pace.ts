import { isIP } from 'node:net'
import { openPace } from '#lexicon'
import { networkOf } from './tally.ts'

/** For each network: a provider has many servers in one, and none writes more reports than this to one desk. */
const USUAL = { burst: 300, perHour: 300 }

/** May a mail come from this address now? Whoever is over the limit is told to come later, and keeps the mail. */
export function openMailPace(clock: () => number, limit = USUAL): (ip: string) => boolean {
  const pace = openPace(limit, clock)
  return (ip) => {
    const network = wideNetworkOf(ip)
    // What this machine carries on itself has its limits there.
    return network === '' || pace.take(network)
  }
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
