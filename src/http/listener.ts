import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Duplex } from 'node:stream'
import { getRequestListener } from '@hono/node-server'
import { PROBLEMS } from '#contract'
import { SECOND } from '#lexicon'
import type { App } from './app.ts'
import { type Failure, problemText } from './problem-of.ts'
import { strictHeaders } from './strict-headers.ts'

export type Certificate = { readonly cert: string; readonly key: string }

const LINGER = 2 * SECOND

/** A server that does not listen yet and answers nothing before `serveApp`. */
export function createListener(certificate: Certificate | undefined): Server {
  const options = {
    // Slow senders are cut off; a piece of 1 MiB has two minutes.
    headersTimeout: 20 * SECOND,
    requestTimeout: 120 * SECOND,
    keepAliveTimeout: 20 * SECOND,
    // We answer a missing Host ourselves, with our own headers.
    requireHostHeader: false,
  }
  return certificate === undefined
    ? createServer(options)
    : createTlsServer({ ...options, ...certificate, minVersion: 'TLSv1.2' })
}

/** Answers by `app`. Strict headers stand on what Node answers by itself too (R02 to R04, R11). */
export function serveApp(server: Server, app: App, origin: string): void {
  const headers = strictHeaders(origin)
  const answer = getRequestListener((request, bindings) => app.fetch(request, bindings), {
    overrideGlobalObjects: false,
    // A request that cannot even be built: no Host, an impossible address.
    errorHandler: () => refusal({ code: 'malformed' }),
  })
  server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, value)
    void answer(incoming, outgoing)
  })
  const answered = new WeakSet<Duplex>()
  server.on('checkExpectation', (_: IncomingMessage, outgoing: ServerResponse) => {
    outgoing.writeHead(400, { ...headers, ...PROBLEM_TYPE, connection: 'close' })
    outgoing.end(problemText({ code: 'malformed' }))
  })
  server.on('clientError', (_: Error, socket: Duplex) => {
    if (!socket.writable || answered.has(socket)) return
    answered.add(socket)
    const body = problemText({ code: 'malformed' })
    const lines = Object.entries({
      ...headers,
      ...PROBLEM_TYPE,
      'content-length': String(Buffer.byteLength(body)),
      connection: 'close',
    }).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.end(`HTTP/1.1 400 Bad Request\r\n${lines.join('')}\r\n${body}`)
    // Closed at once, what is still coming would reset the connection and take the answer with it.
    setTimeout(() => socket.destroy(), LINGER).unref()
  })
}

/** Takes no new request, lets the running ones finish for `grace` milliseconds, then cuts. */
export async function closeListener(server: Server, grace: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  const cut = setTimeout(() => server.closeAllConnections(), grace)
  await closed
  clearTimeout(cut)
}

const PROBLEM_TYPE = { 'content-type': 'application/problem+json' }

function refusal(failure: Failure): Response {
  const { status } = PROBLEMS[failure.code]
  return new Response(problemText(failure), { status, headers: PROBLEM_TYPE })
}
