import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { type Endpoint, type EndpointName, ENDPOINTS, problem } from '#contract'
import { fullShapes } from './full-shape.ts'

export const OPENAPI_PATH = '/api/v1/openapi.json'

const RAW = { type: 'string' as const, format: 'binary' }
const SESSION = { bearer: [] }

type Full = ReturnType<typeof fullShapes>

/** OpenAPI 3.1 of the whole API, generated from the contract. */
export function openApiText(): string {
  const app = new OpenAPIHono()
  const registry = app.openAPIRegistry
  const full = fullShapes()
  registry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' })
  for (const [name, endpoint] of Object.entries(ENDPOINTS))
    registry.registerPath(routeOf(name as EndpointName, endpoint, full))
  const document = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Postern',
      version: '1',
      description:
        'The private gate of a security team. Whatever is sent in is sealed before: the server opens nothing. Requests that change something carry an Origin header with the address of the desk.',
    },
  })
  return JSON.stringify(document)
}

function routeOf(operationId: EndpointName, endpoint: Endpoint, full: Full) {
  const { method, path, summary, caller, params, query, body, status, answer } = endpoint
  const content = answer === undefined ? {} : { content: contentOf(answer, full) }
  return createRoute({
    operationId,
    method,
    path,
    summary,
    description: `For: ${caller}`,
    ...(caller !== 'anyone' && { security: [SESSION] }),
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

function contentOf(shape: NonNullable<Endpoint['body']>, full: Full) {
  return shape === 'bytes'
    ? { 'application/octet-stream': { schema: RAW } }
    : { 'application/json': { schema: full(shape) } }
}
