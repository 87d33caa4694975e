import { type IncomingMessage, request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { ClientError } from '#client'
import { LARGEST_SECURITY_TXT } from '#publication'
import { line } from './print.ts'

const TIMEOUT = 15_000
const MOST_REDIRECTS = 5

export type Fetched = {
  readonly bytes: Uint8Array
  /** Every address on the way: the first was asked for, the last answered (RFC 9116, 5.2). */
  readonly from: readonly string[]
  readonly contentType: string | null
  readonly fellBack: boolean
}

/**
 * Fetches one file as a stranger would: no cookie, no more than what a reader need read, a few redirects, each
 * of them noted. An address without a path stands for the two places of a host (RFC 9116, 3).
 */
export async function fetchSecurityTxt(url: string): Promise<Fetched> {
  const asked = new URL(url)
  if (asked.pathname !== '/' || asked.search !== '') return found(await follow(asked), false, asked)
  const first = await follow(new URL('/.well-known/security.txt', asked))
  if (first.status === 200) return found(first, false, asked)
  return found(await follow(new URL('/security.txt', asked)), true, asked)
}

type Answer = Omit<Fetched, 'fellBack'> & { readonly status: number }

function found({ status, ...answer }: Answer, fellBack: boolean, asked: URL): Fetched {
  if (status === 200) return { ...answer, fellBack }
  throw new ClientError('not-found', `There is no security.txt at ${asked.href} (${status}).`)
}

async function follow(start: URL): Promise<Answer> {
  const from: string[] = []
  for (let url = start; from.length <= MOST_REDIRECTS;) {
    from.push(url.href)
    const answer = await ask(url)
    const { status, location } = answer
    if (location === undefined || ![301, 302, 303, 307, 308].includes(status))
      return { bytes: answer.bytes, contentType: answer.contentType, status, from }
    const next = URL.canParse(location, url.href) ? new URL(location, url) : undefined
    if (next === undefined || !['https:', 'http:'].includes(next.protocol))
      throw new ClientError('answer', `${line(url.href)} leads to no web address.`)
    url = next
  }
  throw new ClientError('answer', `${line(start.href)} leads on and on.`)
}

type One = {
  readonly status: number
  readonly bytes: Uint8Array
  readonly contentType: string | null
  readonly location: string | undefined
}

async function ask(url: URL): Promise<One> {
  const start = url.protocol === 'https:' ? httpsRequest : httpRequest
  const signal = AbortSignal.timeout(TIMEOUT)
  const headers = { accept: 'text/plain', 'user-agent': 'postern' }
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      start(url, { headers, signal, agent: false }, resolve).on('error', reject).end()
    })
    const chunks: Uint8Array[] = []
    let size = 0
    for await (const chunk of response) {
      if (!(chunk instanceof Uint8Array)) continue
      chunks.push(chunk)
      size += chunk.length
      // Enough to know that it is too long.
      if (size > LARGEST_SECURITY_TXT) break
    }
    response.destroy()
    return {
      status: response.statusCode ?? 0,
      bytes: Buffer.concat(chunks),
      contentType: response.headers['content-type'] ?? null,
      location: response.headers.location,
    }
  } catch (cause) {
    throw new ClientError('unreachable', `Nobody answers at ${url.origin}.`, { cause })
  }
}
