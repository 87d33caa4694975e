import { HttpError } from './http-error.ts'

/**
 * A request that changes something names our own origin, and no browser says that it came from
 * elsewhere (R09). A program that is no browser sends the Origin too: it is one header, and then no
 * request without it needs an exception. Throws `HttpError` wrong-origin.
 */
export function demandOwnOrigin(headers: Headers, origin: string): void {
  const site = headers.get('sec-fetch-site')
  const own = site === null || site === 'same-origin' || site === 'none'
  if (!own || headers.get('origin') !== origin) throw new HttpError('wrong-origin')
}
