import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { type Endpoint, type EndpointName, ENDPOINTS, problem } from '#contract'
import { FRESH_STATEMENTS } from './fresh-acts.ts'
import { fullShapes } from './full-shape.ts'
import { COOKIE } from './session-cookie.ts'

export const OPENAPI_PATH = '/api/v1/openapi.json'

const RAW = { type: 'string' as const, format: 'binary' }

/** How a request shows that it may. Beside each stand roles: who may call, and `fresh`. */
const SCHEMES = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description:
      'The session of a program or a reporter: 64 hex digits, from a login or from following a report. Roles: participant, member or coordinator, by the newest desk chain; and fresh: within five minutes of a login or a step-up (POST /api/v1/login/proof), else 403 not-fresh.',
  },
  cookie: {
    type: 'apiKey',
    in: 'cookie',
    name: COOKIE,
    description:
      'The same session of a member’s browser: Secure, HttpOnly, SameSite=Strict, never seen by a script. A login by passkey sets it, and one by key that asks for it.',
  },
  origin: {
    type: 'apiKey',
    in: 'header',
    name: 'Origin',
    description:
      'The public address of the desk, exactly; no secret. Programs send it too. A Sec-Fetch-Site of another site is refused with it: 403 wrong-origin.',
  },
} as const

type Full = ReturnType<typeof fullShapes>

/** OpenAPI 3.1 of the whole API, generated from the contract. */
export function openApiText(): string {
  const app = new OpenAPIHono()
  const registry = app.openAPIRegistry
  const full = fullShapes()
  for (const [name, scheme] of Object.entries(SCHEMES))
    registry.registerComponent('securitySchemes', name, scheme)
  for (const [name, endpoint] of Object.entries(ENDPOINTS))
    registry.registerPath(routeOf(name as EndpointName, endpoint, full))
  const document = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Postern',
      version: '1',
      description:
        'The private gate of a security team. Whatever is sent in is sealed before: the server opens nothing.',
    },
  })
  return JSON.stringify(document)
}

function routeOf(operationId: EndpointName, endpoint: Endpoint, full: Full) {
  const { method, path, summary, params, query, body, status, answer } = endpoint
  const statements = FRESH_STATEMENTS[operationId]
  const content = answer === undefined ? {} : { content: contentOf(answer, full) }
  return createRoute({
    operationId,
    method,
    path,
    summary,
    security: securityOf(endpoint),
    ...(statements !== undefined && { 'x-fresh-statements': statements }),
    request: {
      ...(params !== undefined && { params: full(params) }),
      ...(query !== undefined && { query: full(query) }),
      ...(body !== undefined && { body: { required: true, content: contentOf(body, full) } }),
    },
    responses: {
      [status]: { description: 'Done', ...content },
      default: {
        description: 'Refused, with the reason',
        content: { 'application/problem+json': { schema: full(problem) } },
      },
    },
  })
}

/** As callEndpoint asks for it. One of the list suffices; all of what stands in one is needed. */
function securityOf({ method, caller, fresh }: Endpoint): Record<string, string[]>[] {
  const origin = method === 'get' ? {} : { origin: [] }
  if (caller === 'anyone') return method === 'get' ? [] : [origin]
  const roles = [caller, ...(fresh === true ? ['fresh'] : [])]
  return [
    { bearer: roles, ...origin },
    { cookie: roles, ...origin },
  ]
}

function contentOf(shape: NonNullable<Endpoint['body']>, full: Full) {
  return shape === 'bytes'
    ? { 'application/octet-stream': { schema: RAW } }
    : { 'application/json': { schema: full(shape) } }
}
