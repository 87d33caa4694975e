import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { setTimeout as wait } from 'node:timers/promises'
import { type Api, ClientError, createApi, type Send } from '#client'
import { UsageError } from './usage.ts'

/** How long one request may take before the desk counts as gone. */
const TIMEOUT = 60_000
const LARGEST_ANSWER = 64 * 1024 * 1024

/** The desk at an address. With `socket` the bytes go over that unix socket; the origin stays the address. */
export function dial(to: string, socket?: string): Api {
  const url = addressOf(to)
  // On a private socket nobody listens in between, whatever the public address will be.
  const secure = url.protocol === 'https:' && socket === undefined
  const options = { keepAlive: true, maxSockets: 8 }
  const agent = secure ? new HttpsAgent(options) : new HttpAgent(options)
  const once: Once = ({ method, path, headers, body }) =>
    new Promise((resolve, reject) => {
      const start = secure ? httpsRequest : httpRequest
      const request = start(
        {
          agent,
          method,
          path,
          headers: { ...headers, 'content-length': body?.length ?? 0 },
          timeout: TIMEOUT,
          ...(socket === undefined
            ? { hostname: url.hostname.replace(/^\[|\]$/g, ''), port: url.port }
            : { socketPath: socket }),
        },
        (response) => {
          collect(response, resolve).catch(fail)
        },
      )
      function fail(cause: unknown): void {
        const untrusted = certificateFault(cause)
        if (untrusted !== undefined) {
          const message = `The certificate of ${url.origin} is not trusted (${untrusted}). Nothing was sent.`
          reject(new ClientError('unreachable', message, { cause }))
          return
        }
        reject(new ClientError('unreachable', `Nobody answers at ${url.origin}.`, { cause }))
      }
      request.on('timeout', () => request.destroy(new Error('timeout')))
      request.on('error', fail)
      request.end(body)
    })
  return createApi({ origin: url.origin, send: (request) => patiently(once, request) })
}

function addressOf(to: string): URL {
  const url = URL.canParse(to) ? new URL(to) : undefined
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw new UsageError(`“${to}” is not the address of a desk, such as https://desk.example.org.`)
  return url
}

type Request = Parameters<Send>[0]
type Answer = Awaited<ReturnType<Send>> & { readonly retryAfter: number }
type Once = (request: Request) => Promise<Answer>

const TOO_MANY = 429
const LONGEST_WAIT = 30

/** A desk that asks to wait a little is asked again; one that asks for long gets its say. */
async function patiently(once: Once, request: Request): Promise<Answer> {
  for (let left = 5; ; left--) {
    const answer = await once(request)
    const soon = answer.status === TOO_MANY && answer.retryAfter <= LONGEST_WAIT
    if (!soon || left <= 1) return answer
    await wait(answer.retryAfter * 1000)
  }
}

function certificateFault(cause: unknown): string | undefined {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return /CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS/.test(code) ? code : undefined
}

async function collect(response: IncomingMessage, done: (answer: Answer) => void): Promise<void> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response) {
    if (!(chunk instanceof Uint8Array)) continue
    size += chunk.length
    if (size > LARGEST_ANSWER) throw new RangeError('the answer does not end')
    chunks.push(Buffer.from(chunk))
  }
  done({
    status: response.statusCode ?? 0,
    body: new Uint8Array(Buffer.concat(chunks)),
    retryAfter: Number(response.headers['retry-after'] ?? 1),
  })
}
