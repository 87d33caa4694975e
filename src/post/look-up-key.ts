import { createHash } from 'node:crypto'
import { request } from 'node:https'
import { type Bytes, LIMITS, SECOND } from '#lexicon'
import { isPublicAddress } from './public-address.ts'

export type LookUpDeps = {
  /** All addresses of a name; rejects when it has none. */
  readonly resolve: (name: string) => Promise<readonly string[]>
  /** May this address be asked? */
  readonly mayAsk: (address: string) => boolean
  readonly port: number
  /** Certificates to trust beside the usual ones. */
  readonly ca?: string
  readonly within: number
}

export const USUAL_LOOK_UP: Omit<LookUpDeps, 'resolve'> = {
  mayAsk: isPublicAddress,
  port: 443,
  within: 5 * SECOND,
}

/**
 * The key that the domain of an address gives for it (WKD): the advanced way, and the direct one where the domain
 * has no name for that. Undefined for nothing, whatever the reason: who asks learns nothing else about the
 * machines around us. Only https, no redirects, only the addresses that were checked, a bound on size and time.
 */
export async function lookUpKey(address: string, deps: LookUpDeps): Promise<Bytes | undefined> {
  const at = address.lastIndexOf('@')
  const local = address.slice(0, at)
  const domain = address.slice(at + 1).toLowerCase()
  // A name that is an address itself would be connected to without being resolved.
  if (!DOMAIN.test(domain)) return undefined
  const hash = zBase32(createHash('sha1').update(lowerCased(local)).digest())
  const asked = `hu/${hash}?l=${encodeURIComponent(local)}`
  const signal = AbortSignal.timeout(deps.within)
  const advanced = `openpgpkey.${domain}`
  try {
    const there = await addressesOf(advanced, deps, signal)
    return there === undefined
      ? await fetchKey(domain, `/.well-known/openpgpkey/${asked}`, deps, signal)
      : await fetchKey(advanced, `/.well-known/openpgpkey/${domain}/${asked}`, deps, signal, there)
  } catch {
    return undefined
  }
}

const DOMAIN =
  /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/

/** Undefined where the name does not exist. */
async function addressesOf(
  name: string,
  { resolve }: LookUpDeps,
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('late')), { once: true })
  })
  late.catch(() => undefined)
  return Promise.race([resolve(name).catch(() => undefined), late])
}

async function fetchKey(
  host: string,
  path: string,
  deps: LookUpDeps,
  signal: AbortSignal,
  known?: readonly string[],
): Promise<Bytes | undefined> {
  const addresses = known ?? (await addressesOf(host, deps, signal)) ?? []
  const [address] = addresses
  // One that is inside makes all of them suspect: the name was made to reach it.
  if (address === undefined || !addresses.every(deps.mayAsk)) return undefined
  return new Promise((resolve, reject) => {
    const asked = request({
      // Connected to is what was checked: the name is not resolved a second time (DNS rebinding).
      host: address,
      servername: host,
      headers: { host, accept: 'application/octet-stream, */*', 'user-agent': 'postern' },
      port: deps.port,
      path,
      agent: false,
      signal,
      maxHeaderSize: 8 * 1024,
      ...(deps.ca !== undefined && { ca: deps.ca }),
    })
    asked.on('error', reject)
    asked.on('response', (answer) => {
      const parts: Buffer[] = []
      let size = 0
      // A redirect may lead inside: it is nothing, like every other answer than 200.
      if (answer.statusCode !== 200) {
        asked.destroy()
        return resolve(undefined)
      }
      answer.on('error', reject)
      answer.on('data', (part: Buffer) => {
        size += part.length
        if (size <= LIMITS.foundKey) parts.push(part)
        else {
          asked.destroy()
          resolve(undefined)
        }
      })
      answer.on('end', () => resolve(size === 0 ? undefined : new Uint8Array(Buffer.concat(parts))))
    })
    asked.end()
  })
}

/** ASCII only, as the draft says: other letters keep their case. */
function lowerCased(local: string): string {
  return local.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

/** RFC 6189, 5.1.6. */
function zBase32(bytes: Uint8Array): string {
  const letters = 'ybndrfg8ejkmcpqxot1uwisza345h769'
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{5}/g) ?? []).map((five) => letters[parseInt(five, 2)] ?? '').join('')
}
