import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { type Api, ClientError, createApi, type Send } from '#client'
import { UsageError } from './usage.ts'

/** How long one request may take before the desk counts as gone. */
const TIMEOUT = 60_000
const LARGEST_ANSWER = 64 * 1024 * 1024

/** The desk at an address. With `socket` the bytes go over that unix socket; the origin stays the address. */
export function dial(to: string, socket?: string): Api {
  const url = addressOf(to)
  const secure = url.protocol === 'https:'
  const options = { keepAlive: true, maxSockets: 8 }
  const agent = secure ? new HttpsAgent(options) : new HttpAgent(options)
  const send: Send = ({ method, path, headers, body }) =>
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
        reject(new ClientError('unreachable', `Nobody answers at ${url.origin}.`, { cause }))
      }
      request.on('timeout', () => request.destroy(new Error('timeout')))
      request.on('error', fail)
      request.end(body)
    })
  return createApi({ origin: url.origin, send })
}

function addressOf(to: string): URL {
  const url = URL.canParse(to) ? new URL(to) : undefined
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw new UsageError(`“${to}” is not the address of a desk, such as https://desk.example.org.`)
  return url
}

type Answer = Awaited<ReturnType<Send>>

async function collect(response: IncomingMessage, done: (answer: Answer) => void): Promise<void> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response) {
    if (!(chunk instanceof Uint8Array)) continue
    size += chunk.length
    if (size > LARGEST_ANSWER) throw new RangeError('the answer does not end')
    chunks.push(Buffer.from(chunk))
  }
  done({ status: response.statusCode ?? 0, body: new Uint8Array(Buffer.concat(chunks)) })
}
