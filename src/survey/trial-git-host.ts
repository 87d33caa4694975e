import { execFileSync, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

export type GitHost = {
  readonly host: string
  /** Its certificate, as git takes it. */
  readonly trust: string
  readonly asked: readonly string[]
  /** Bytes of repositories that went out. */
  readonly sent: () => number
}

/** For tests: the repositories of a folder over https on loopback, by git’s own program. `answer` may answer before it. */
export async function openGitHost(
  folder: string,
  after: (end: () => Promise<void>) => void,
  answer: (
    path: string,
  ) => { status: number; headers: Record<string, string> } | 'silence' | undefined = () =>
    undefined,
): Promise<GitHost> {
  const [key, trust] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')]
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '1',
      '-subj',
      '/CN=localhost',
      '-addext',
      'subjectAltName=DNS:localhost',
      '-keyout',
      key,
      '-out',
      trust,
    ],
    { stdio: 'ignore' },
  )
  const program = join(
    execFileSync('git', ['--exec-path'], { encoding: 'utf8' }).trim(),
    'git-http-backend',
  )
  const asked: string[] = []
  let sent = 0
  const server = createServer(
    { key: readFileSync(key), cert: readFileSync(trust) },
    (request, response) => {
      const url = new URL(request.url ?? '/', 'https://localhost')
      asked.push(`${request.method} ${url.pathname}`)
      const first = answer(url.pathname)
      if (first === 'silence') return
      if (first !== undefined) {
        response.writeHead(first.status, first.headers).end()
        return
      }
      const child = spawn(program, [], {
        env: {
          PATH: process.env['PATH'],
          GIT_PROJECT_ROOT: folder,
          GIT_HTTP_EXPORT_ALL: '1',
          GIT_CONFIG_NOSYSTEM: '1',
          HOME: folder,
          REQUEST_METHOD: request.method,
          PATH_INFO: url.pathname,
          QUERY_STRING: url.search.slice(1),
          CONTENT_TYPE: request.headers['content-type'] ?? '',
          HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
          GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
          REMOTE_ADDR: '127.0.0.1',
        },
        stdio: ['pipe', 'pipe', 'ignore'],
      })
      request.pipe(child.stdin)
      const chunks: Buffer[] = []
      child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
      child.on('close', () => {
        const whole = Buffer.concat(chunks)
        sent += whole.length
        const end = whole.indexOf('\r\n\r\n')
        const headers = whole
          .subarray(0, end)
          .toString('latin1')
          .split('\r\n')
          .map((line) => line.split(': ') as [string, string])
        const status = Number(headers.find(([name]) => name === 'Status')?.[1].slice(0, 3) ?? 200)
        response.writeHead(
          status,
          Object.fromEntries(headers.filter(([name]) => name !== 'Status')),
        )
        response.end(whole.subarray(end + 4))
      })
    },
  )
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  after(
    () =>
      new Promise((closed) => {
        server.closeAllConnections()
        server.close(() => closed())
      }),
  )
  return {
    host: `localhost:${(server.address() as AddressInfo).port}`,
    trust,
    asked,
    sent: () => sent,
  }
}
