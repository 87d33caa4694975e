import type { EndpointName } from '#contract'
import { HttpError } from './http-error.ts'

/** `__Host-`: from this host only, over TLS only, for all of it. No page's script ever reads it (R05). */
export const COOKIE = '__Host-postern'
const KEEPING = 'Path=/; Secure; HttpOnly; SameSite=Strict'

/** A token, and how it came. */
export type Carried = { readonly token: string; readonly by: 'header' | 'cookie' }

/** The session that a request carries. Of two cookies of this name one is not ours: neither counts. */
export function carriedSession(headers: Headers): Carried | undefined {
  const bearer = /^Bearer ([0-9a-f]{64})$/.exec(headers.get('authorization') ?? '')?.[1]
  if (bearer !== undefined) return { token: bearer, by: 'header' }
  const own = ownCookies(headers)
  const value = own[0]?.slice(COOKIE.length + 1) ?? ''
  if (own.length !== 1 || !/^[0-9a-f]{64}$/.test(value)) return undefined
  return { token: value, by: 'cookie' }
}

/** A browser keeps the token where no script finds it; a program without cookies gets it in the answer. */
export function wantsCookie(name: EndpointName, body: unknown, by: Carried['by']): boolean {
  if (name === 'logIn')
    return typeof body === 'object' && body !== null && 'cookie' in body && body.cookie === true
  return name !== 'stepUp' || by === 'cookie'
}

/** The answer without its session, and the header that keeps it. Gone when the browser is closed. */
export function intoCookie(given: object): {
  readonly answer: object
  readonly headers: Readonly<Record<string, string>>
} {
  const { session, ...answer }: { readonly session?: unknown } = given
  if (typeof session !== 'string') throw new HttpError('internal')
  return { answer, headers: { 'set-cookie': `${COOKIE}=${session}; ${KEEPING}` } }
}

const FORGET = { 'set-cookie': `${COOKIE}=; ${KEEPING}; Max-Age=0` } as const

/** Logged out: nothing of the desk stays in what the browser keeps by itself (R08). */
export const COOKIE_ENDS: Readonly<Record<string, string>> = {
  ...FORGET,
  'clear-site-data': '"cache"',
}

/**
 * For a request whose session is none: its cookie goes with the answer, or the browser would carry a dead
 * one along until it is closed. Not where a program's token was meant, and not where the browser got another
 * one for it: the request was on its way then, and its answer would take the new cookie along.
 */
export function endDeadCookie(
  headers: Headers,
  followed: FollowedTokens,
): Readonly<Record<string, string>> {
  const carried = carriedSession(headers)
  if (carried?.by === 'header' || ownCookies(headers).length === 0) return {}
  return carried !== undefined && followed.has(carried.token) ? {} : FORGET
}

/** Dead tokens in whose place a browser got another. */
export type FollowedTokens = {
  readonly note: (token: string) => void
  readonly has: (token: string) => boolean
}

/** Only the last ones matter: what is on its way arrives within seconds. */
const MOST = 1000

export function newFollowedTokens(): FollowedTokens {
  const tokens = new Set<string>()
  return {
    note: (token) => {
      tokens.add(token)
      const [oldest] = tokens
      if (tokens.size > MOST && oldest !== undefined) tokens.delete(oldest)
    },
    has: (token) => tokens.has(token),
  }
}

function ownCookies(headers: Headers): string[] {
  const cookies = (headers.get('cookie') ?? '').split(';').map((cookie) => cookie.trim())
  return cookies.filter((cookie) => cookie.startsWith(`${COOKIE}=`))
}
