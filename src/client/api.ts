import {
  type AnswerOf,
  type CallOf,
  type Endpoint,
  type EndpointName,
  ENDPOINTS,
  problem,
} from '#contract'
import { type Bytes, bytesOfText, textOfBytes } from '#lexicon'
import { ClientError, errorOfProblem } from './client-error.ts'

/** One exchange with the desk. The command line sends it by node:http, a browser by fetch. Rejects when nobody answers. */
export type Send = (request: {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Bytes | undefined
  /** Whoever asked needs no answer any more. */
  readonly signal?: AbortSignal | undefined
}) => Promise<{ readonly status: number; readonly body: Bytes }>

/** The desk's API as this machine sees it. Answers are parsed by the contract; nothing else comes through. */
export type Api = {
  /** The public origin that was dialled; it stands in what a login signs. */
  readonly origin: string
  readonly call: <N extends EndpointName>(
    name: N,
    given: CallOf<N>,
    signal?: AbortSignal,
  ) => Promise<AnswerOf<N>>
  /** From now on requests carry this session; `undefined` ends that. */
  readonly carry: (session: string | undefined) => void
}

type Given = {
  readonly params?: Readonly<Record<string, string | number>>
  readonly query?: Readonly<Record<string, string | number | undefined>>
  readonly body?: unknown
}

export function createApi({ origin, send }: { origin: string; send: Send }): Api {
  let session: string | undefined
  return {
    origin,
    carry(next) {
      session = next
    },
    async call(name, given, signal) {
      const endpoint: Endpoint = ENDPOINTS[name]
      const { path, headers, body } = requestOf(endpoint, given, origin)
      if (session !== undefined) headers['authorization'] = `Bearer ${session}`
      const method = endpoint.method.toUpperCase()
      const answer = await send({ method, path, headers, body, signal })
      if (answer.status >= 400) throw problemOf(answer.body, answer.status)
      return answerOf(endpoint, answer.body) as AnswerOf<typeof name>
    },
  }
}

function requestOf(endpoint: Endpoint, given: Given, origin: string) {
  let path = endpoint.path
  for (const [name, value] of Object.entries(given.params ?? {}))
    path = path.replace(`{${name}}`, encodeURIComponent(String(value)))
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(given.query ?? {}))
    if (value !== undefined) query.set(name, String(value))
  if (query.size > 0) path = `${path}?${query.toString()}`
  const headers: Record<string, string> = { origin, accept: 'application/json' }
  if (endpoint.body === undefined) return { path, headers, body: undefined }
  if (given.body instanceof Uint8Array) {
    headers['content-type'] = 'application/octet-stream'
    return { path, headers, body: given.body as Bytes }
  }
  headers['content-type'] = 'application/json'
  return { path, headers, body: bytesOfText(JSON.stringify(given.body)) }
}

function answerOf(endpoint: Endpoint, body: Bytes): unknown {
  if (endpoint.answer === undefined) return undefined
  if (endpoint.answer === 'bytes') return body
  const parsed = endpoint.answer.safeParse(jsonOf(body))
  if (parsed.success) return parsed.data
  throw new ClientError('answer', 'The desk answered in a form that this program does not know.', {
    cause: parsed.error,
  })
}

function problemOf(body: Bytes, status: number): ClientError {
  const parsed = problem.safeParse(jsonOf(body))
  if (parsed.success) return errorOfProblem(parsed.data)
  const gone = status === 502 || status === 503 || status === 504
  return new ClientError(
    gone ? 'unreachable' : 'answer',
    `The desk answered ${status} without a reason.`,
  )
}

function jsonOf(body: Bytes): unknown {
  try {
    return JSON.parse(textOfBytes(body))
  } catch {
    return undefined
  }
}
