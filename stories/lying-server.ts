import { createServer, request as httpRequest } from 'node:http'
import { once } from 'node:events'

/** Changes the JSON of one answer. `undefined` leaves it as it is. */
export type Lie = (answer: {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly json: unknown
}) => unknown

export type LyingServer = {
  readonly port: number
  readonly url: string
  /** What it tells from now on. `undefined`: the truth. */
  tell: (lie: Lie | undefined) => void
  /** How many answers were changed. */
  readonly told: () => number
  readonly aim: (port: number) => void
  readonly close: () => Promise<void>
}

/** A server that stands where the honest one should, sees all traffic, and rewrites what it likes. */
export async function startLyingServer(): Promise<LyingServer> {
  let lie: Lie | undefined
  let told = 0
  let upstream = 0
  const server = createServer((incoming, outgoing) => {
    const forward = httpRequest(
      {
        host: '127.0.0.1',
        port: upstream,
        method: incoming.method,
        path: incoming.url,
        headers: { ...incoming.headers },
      },
      (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('end', () => {
          let body = Buffer.concat(chunks)
          const type = answer.headers['content-type'] ?? ''
          const path = incoming.url ?? ''
          if (lie !== undefined && type.includes('json')) {
            const given = {
              method: incoming.method ?? '',
              path,
              status: answer.statusCode ?? 0,
              json: JSON.parse(body.toString()) as unknown,
            }
            const changed = lie(given)
            if (changed !== undefined) {
              body = Buffer.from(JSON.stringify(changed))
              told++
            }
          }
          const {
            'content-length': _length,
            'transfer-encoding': _encoding,
            ...headers
          } = answer.headers
          outgoing.writeHead(answer.statusCode ?? 502, {
            ...headers,
            'content-length': body.length,
          })
          outgoing.end(body)
        })
      },
    )
    forward.on('error', () => outgoing.destroy())
    incoming.pipe(forward)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    port: address.port,
    url: `http://localhost:${address.port}`,
    tell(next) {
      lie = next
    },
    told: () => told,
    aim(port) {
      upstream = port
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
