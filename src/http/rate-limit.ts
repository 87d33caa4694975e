import { createHmac } from 'node:crypto'
import { type EndpointName, ENDPOINTS } from '#contract'
import { type Bytes, MINUTE } from '#lexicon'
import { limitedPart } from './client-address.ts'
import { HttpError } from './http-error.ts'

export const LIMIT_CLASSES = [
  'login',
  'follow',
  'report',
  'upload',
  'join',
  'mail',
  'read',
  'work',
] as const
export type LimitClass = (typeof LIMIT_CLASSES)[number]

/** So many at once, then so many a minute, for one address. */
export type Limit = { readonly burst: number; readonly perMinute: number }
export type Limits = Readonly<Record<LimitClass, Limit>>

export const USUAL_LIMITS: Limits = {
  login: { burst: 60, perMinute: 60 },
  follow: { burst: 20, perMinute: 20 },
  report: { burst: 30, perMinute: 30 },
  upload: { burst: 2000, perMinute: 1200 },
  join: { burst: 10, perMinute: 10 },
  mail: { burst: 5, perMinute: 1 },
  read: { burst: 3000, perMinute: 3000 },
  work: { burst: 6000, perMinute: 6000 },
}

/** What an endpoint counts as. What needs a session is work: it has a name, and a queue is many reads. */
export function limitClassOf(name: EndpointName): LimitClass {
  switch (name) {
    case 'askChallenge':
    case 'logIn':
    case 'logInByPasskey':
    case 'stepUp':
    case 'askRecovery':
    case 'setUp':
      return 'login'
    case 'follow':
    case 'join':
      return name
    case 'testMail':
      return 'mail'
    case 'checkInvitation':
    case 'checkClaim':
    case 'claimCase':
      return 'join'
    case 'fileReport':
    case 'openUpload':
      return 'report'
    case 'putPiece':
      return 'upload'
    default:
      return ENDPOINTS[name].caller === 'anyone' ? 'read' : 'work'
  }
}

/** Throws `HttpError` too-many. */
export type RateLimit = (kind: LimitClass, address: string) => void

type Bucket = { left: number; at: number }
const MOST_BUCKETS = 100_000

/**
 * Token buckets in memory. An address is kept only as a hash under a key of this process: a memory
 * image gives no list of visitors.
 */
export function createRateLimit(
  limits: Limits | 'off',
  { clock, random }: { clock: () => number; random: (length: number) => Bytes },
): RateLimit {
  if (limits === 'off') return () => undefined
  const key = random(32)
  const buckets = new Map<string, Bucket>()
  return (kind, address) => {
    const limit = limits[kind]
    const name = createHmac('sha256', key)
      .update(`${kind} ${limitedPart(address)}`)
      .digest('base64')
    const now = clock()
    const bucket = buckets.get(name) ?? { left: limit.burst, at: now }
    const refilled = bucket.left + (Math.max(0, now - bucket.at) / MINUTE) * limit.perMinute
    bucket.left = Math.min(limit.burst, refilled)
    bucket.at = now
    // Moved to the end: what was not seen for longest stands first.
    buckets.delete(name)
    buckets.set(name, bucket)
    if (buckets.size > MOST_BUCKETS) buckets.delete(buckets.keys().next().value ?? '')
    if (bucket.left < 1) {
      const seconds = Math.ceil(((1 - bucket.left) / limit.perMinute) * 60)
      throw new HttpError('too-many', { retryAfter: seconds })
    }
    bucket.left -= 1
  }
}
