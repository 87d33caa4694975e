import {
  type AnswerOf,
  type Endpoint,
  type EndpointName,
  ENDPOINTS,
  type RequestOf,
} from '#contract'
import { isCoordinatorSession, isFreshSession, type Session, sessionOf } from '#identity'
import { LIMITS } from '#lexicon'
import type { ContextOf, Handlers, Rooms } from './handlers.ts'
import { HttpError } from './http-error.ts'
import { demandOwnOrigin } from './origin-check.ts'
import { readBody } from './read-body.ts'
import {
  carriedSession,
  COOKIE_ENDS,
  endDeadCookie,
  type FollowedTokens,
  intoCookie,
  wantsCookie,
} from './session-cookie.ts'
import { parseStrictJson } from './strict-json.ts'

/** A request as the router saw it. */
export type Call = {
  readonly request: Request
  readonly params: Readonly<Record<string, string>>
  /** Filled here: what the answer carries beside its body, also when it is a refusal. The router puts it on. */
  readonly headers: Record<string, string>
}

const JSON_TYPE = /^application\/json(?:\s*;\s*charset=utf-8)?$/i
const BYTES_TYPE = 'application/octet-stream'

/** These write to the desk's cases; a restored copy does not (PROTOCOL 9). */
export const STOPPED_BY_RESTORE: readonly EndpointName[] = [
  'openUpload',
  'putPiece',
  'fileReport',
  'appendToCase',
  'freeCases',
  'claimCase',
  'offerClaim',
  'refuseClaim',
]

/** What the door opens to. */
export type Behind = {
  readonly rooms: Rooms
  readonly handlers: Handlers
  /** Does this desk only read, since a restore? */
  readonly isRestored: () => Promise<boolean>
  readonly followed: FollowedTokens
}

/**
 * All checks of one call, cheap ones first, nothing parsed before it is known to be allowed. Returns
 * the answer, or null for *not found*.
 */
export async function callEndpoint<N extends EndpointName>(
  name: N,
  call: Call,
  { rooms, handlers, isRestored, followed }: Behind,
): Promise<AnswerOf<N> | null> {
  const endpoint: Endpoint = ENDPOINTS[name]
  const { request } = call
  if (endpoint.method !== 'get') demandOwnOrigin(request.headers, rooms.identity.origin)
  demandType(endpoint, request.headers.get('content-type'))
  const context = await contextOf(endpoint, rooms, call, followed)
  if (STOPPED_BY_RESTORE.includes(name) && (await isRestored())) throw new HttpError('read-only')
  const parsed = {
    params: parsedParams(endpoint, call.params),
    query: parsedQuery(endpoint, new URL(request.url).searchParams),
    body: await parsedBody(endpoint, request),
  }
  const answer = await handlers[name](parsed as RequestOf<N>, context as ContextOf<N>)
  return answer === null ? null : withCookie(name, call, parsed.body, answer, followed)
}

/** Begins and ends the session of a browser, where the contract says so. */
function withCookie<N extends EndpointName>(
  name: N,
  { request, headers }: Call,
  body: unknown,
  answer: AnswerOf<N>,
  followed: FollowedTokens,
): AnswerOf<N> {
  const { cookie }: Endpoint = ENDPOINTS[name]
  if (cookie === 'ends') Object.assign(headers, COOKIE_ENDS)
  const carried = carriedSession(request.headers)
  const begins = cookie === 'begins' && wantsCookie(name, body, carried?.by ?? 'header')
  if (!begins || answer === undefined || answer === null) return answer
  if (carried?.by === 'cookie') followed.note(carried.token)
  const kept = intoCookie(answer)
  Object.assign(headers, kept.headers)
  return kept.answer as AnswerOf<N>
}

function demandType({ body }: Endpoint, type: string | null): void {
  if (body === undefined) return
  const right = body === 'bytes' ? type === BYTES_TYPE : JSON_TYPE.test(type ?? '')
  if (!right) throw new HttpError('wrong-type')
}

/**
 * Who calls, for endpoints that ask. Being somebody else is *not found*, as if there were no such thing;
 * being there too long ago is said, for one tap mends it (R20).
 */
async function contextOf(
  { caller, fresh }: Endpoint,
  { identity }: Rooms,
  { request, headers }: Call,
  followed: FollowedTokens,
): Promise<{ session?: Session; token?: string }> {
  const token = carriedSession(request.headers)?.token
  if (caller === 'anyone') return token === undefined ? {} : { token }
  const session = token === undefined ? undefined : await sessionOf(identity, token)
  if (token === undefined || session === undefined) {
    Object.assign(headers, endDeadCookie(request.headers, followed))
    throw new HttpError('not-logged-in')
  }
  const allowed =
    caller === 'participant' ||
    (caller === 'member' && session.kind === 'member') ||
    (caller === 'coordinator' && (await isCoordinatorSession(identity, session)))
  if (!allowed) throw new HttpError('not-found')
  if (fresh === true && !isFreshSession(identity, session)) throw new HttpError('not-fresh')
  return { session, token }
}

/** A path that names nothing possible names nothing. */
function parsedParams({ params }: Endpoint, given: Call['params']): unknown {
  if (params === undefined) return undefined
  const parsed = params.safeParse(given)
  if (!parsed.success) throw new HttpError('not-found')
  return parsed.data
}

function parsedQuery({ query }: Endpoint, given: URLSearchParams): unknown {
  const names = [...given.keys()]
  const plain = new Set(names).size === names.length && ![...given.values()].includes('')
  const parsed = plain ? query?.safeParse(Object.fromEntries(given)) : undefined
  if (query === undefined && names.length === 0) return undefined
  if (parsed?.success !== true) throw new HttpError('malformed')
  return parsed.data
}

async function parsedBody({ body }: Endpoint, request: Request): Promise<unknown> {
  if (body === undefined) return undefined
  if (body === 'bytes') return readBody(request, LIMITS.piece)
  const parsed = body.safeParse(parseStrictJson(await readBody(request, LIMITS.request)))
  if (!parsed.success) throw new HttpError('malformed')
  return parsed.data
}
