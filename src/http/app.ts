import { type Context, Hono } from 'hono'
import { type Endpoint, type EndpointName, ENDPOINTS, PROBLEMS } from '#contract'
import { restoredAt } from '#identity'
import type { Bytes } from '#lexicon'
import { type BrowserFiles, sheetOf } from './browser-files.ts'
import { callEndpoint } from './call-endpoint.ts'
import { addressReader } from './client-address.ts'
import type { Env } from './door-env.ts'
import { createHandlers, type Rooms } from './handlers.ts'
import { HttpError } from './http-error.ts'
import { OPENAPI_PATH, openApiText } from './openapi.ts'
import { homePage } from './pages/home-page.ts'
import { MARK } from './pages/static-files.ts'
import { failureOf, problemText } from './problem-of.ts'
import { newFollowedTokens } from './session-cookie.ts'
import { discardBody } from './read-body.ts'
import { createRateLimit, limitClassOf, type LimitClass, type Limits } from './rate-limit.ts'
import { serveMailKey } from './serve-mail-key.ts'
import { serveBrowserFiles } from './serve-browser-files.ts'
import { servePublicTree } from './serve-public-tree.ts'
import { strictHeaders } from './strict-headers.ts'
import { watchRestored } from './watch-restored.ts'

export type HttpDeps = {
  readonly rooms: Rooms
  readonly limits: Limits | 'off'
  readonly trustedProxies: readonly string[]
  /** Is this an error of a database that cannot be reached? */
  readonly isAway: (error: unknown) => boolean
  /** Does the database answer? For monitors. */
  readonly isHealthy: () => Promise<boolean>
  /** Told of errors that nobody foresaw: where, and the name, never the message. */
  readonly failed: (endpoint: string, error: unknown) => void
  readonly clock: () => number
  readonly random: (length: number) => Bytes
  /** What the build made for browsers. */
  readonly browser: BrowserFiles
}

export type App = Hono<Env>

const LONGEST_URL = 4096
const METHODS = ['GET', 'HEAD', 'POST', 'PUT']

/**
 * The front door. Every route of the API comes from the contract, in one loop with its description;
 * beside it stand a page without scripts, the pages with scripts and their files, and the monitor's answer.
 */
export function createApp(deps: HttpDeps): App {
  const { rooms, failed, isAway } = deps
  const isRestored = watchRestored(rooms.identity.db, isAway)
  const behind = {
    rooms,
    handlers: createHandlers(rooms, isRestored),
    isRestored,
    followed: newFollowedTokens(),
  }
  const headers = strictHeaders(rooms.identity.origin)
  const addressOf = addressReader(deps.trustedProxies)
  const limit = createRateLimit(deps.limits, deps)
  const app: App = new Hono<Env>({ strict: true })

  app.onError((error, context) => {
    const failure = failureOf(error, isAway)
    if (failure.code === 'internal') failed(context.req.routePath, error)
    return problemAnswer(failure)
  })
  app.notFound(() => problemAnswer({ code: 'not-found' }))
  app.use(async (context, next) => {
    await next()
    if (context.res.status >= 400) await discardBody(context.req.raw)
    const own = context.get('headers') ?? {}
    for (const [name, value] of Object.entries({ ...headers, ...own }))
      context.res.headers.set(name, value)
  })
  app.use(async (context, next) => {
    if (!METHODS.includes(context.req.method)) throw new HttpError('wrong-method')
    if (context.req.url.length > LONGEST_URL) throw new HttpError('malformed')
    await next()
  })

  const limited = (kind: LimitClass, context: Context<Env>): void => {
    const forwarded = context.req.header('x-forwarded-for') ?? null
    limit(kind, addressOf(context.env?.incoming?.socket.remoteAddress, forwarded))
  }
  for (const [name, endpoint] of endpoints()) {
    app.on(endpoint.method.toUpperCase(), routerPath(endpoint.path), async (context) => {
      limited(limitClassOf(name), context)
      const own: Record<string, string> = {}
      context.set('headers', own)
      const call = { request: context.req.raw, params: context.req.param(), headers: own }
      const answer = await callEndpoint(name, call, behind)
      if (answer === null) throw new HttpError('not-found')
      return answerOf(endpoint, answer)
    })
  }

  const page = (path: string, type: string, text: () => string | Promise<string>): void => {
    app.get(path, async (context) => {
      limited('read', context)
      return new Response(await text(), { headers: { 'content-type': type } })
    })
  }
  const openApi = openApiText()
  page(OPENAPI_PATH, 'application/json', () => openApi)
  const sheet = sheetOf(deps.browser)
  page('/', 'text/html; charset=utf-8', async () => homePage(await deskOf(rooms), sheet))
  page('/mark.svg', 'image/svg+xml', () => MARK)
  serveMailKey(app, rooms, (context) => limited('read', context))
  serveBrowserFiles(app, deps.browser, rooms, (context) => limited('read', context))
  app.get('/health', async () => {
    const healthy = await deps.isHealthy()
    return Response.json(
      { status: healthy ? 'ok' : 'unavailable' },
      { status: healthy ? 200 : PROBLEMS.unavailable.status },
    )
  })
  refuseOtherMethods(app)
  servePublicTree(app, rooms.valve.tree, (context) => limited('read', context))
  return app
}

function endpoints(): (readonly [EndpointName, Endpoint])[] {
  return Object.entries(ENDPOINTS) as [EndpointName, Endpoint][]
}

function routerPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1')
}

function answerOf({ status, answer }: Endpoint, value: unknown): Response {
  if (answer === undefined) return new Response(null, { status })
  if (value instanceof Uint8Array) {
    // Never shown by a browser, whatever is inside (R07).
    const headers = {
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment',
    }
    return new Response(new Uint8Array(value), { status, headers })
  }
  return Response.json(value, { status })
}

function problemAnswer(failure: ReturnType<typeof failureOf>): Response {
  const headers = new Headers({ 'content-type': 'application/problem+json' })
  if (failure.retryAfter !== undefined) headers.set('retry-after', String(failure.retryAfter))
  return new Response(problemText(failure), { status: PROBLEMS[failure.code].status, headers })
}

/** Behind all routes: what reaches this has a path that exists and a method that does not (R10). */
function refuseOtherMethods(app: App): void {
  const methods = new Map<string, string[]>()
  for (const { path, method } of app.routes) {
    if (method === 'ALL') continue
    methods.set(path, [...(methods.get(path) ?? []), method])
  }
  for (const [path, allowed] of methods) {
    app.all(path, () => {
      const answer = problemAnswer({ code: 'wrong-method' })
      const heads = allowed.includes('GET') ? ['HEAD'] : []
      answer.headers.set('allow', [...allowed, ...heads].join(', '))
      return answer
    })
  }
}

async function deskOf({ identity, planned, mail, valve }: Rooms) {
  const directory = await identity.deskChain.current()
  const restored = directory !== undefined && (await restoredAt(identity.db)) !== undefined
  const [address = ''] = mail.taken ? mail.addresses : []
  const publishes = directory !== undefined && (await valve.tree.current()) !== undefined
  return { origin: identity.origin, planned, directory, restored, mail: address, publishes }
}
