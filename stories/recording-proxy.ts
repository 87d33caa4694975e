import { once } from 'node:events'
import { connect, createServer } from 'node:net'

/** One request as it went over the wire. */
export type Sent = {
  /** Method, path and query: the first line. */
  readonly line: string
  readonly headers: ReadonlyMap<string, string>
  readonly body: Buffer
}

/** Stands before a desk, passes every byte on, and keeps what browsers sent. */
export async function recordingProxy(
  after: (end: () => Promise<void>) => void,
  given: { readonly from: number; readonly to: number },
): Promise<() => readonly Sent[]> {
  const streams: Buffer[][] = []
  const proxy = createServer((browser) => {
    const desk = connect(given.to, '127.0.0.1')
    const stream: Buffer[] = []
    streams.push(stream)
    browser.on('data', (chunk) => stream.push(Buffer.from(chunk)))
    browser.pipe(desk).pipe(browser)
    for (const end of [browser, desk])
      end.on('error', () => {
        browser.destroy()
        desk.destroy()
      })
  })
  proxy.listen(given.from, 'localhost')
  await once(proxy, 'listening')
  after(async () => {
    proxy.close()
    await Promise.resolve()
  })
  return () => streams.flatMap((stream) => requestsIn(Buffer.concat(stream)))
}

function requestsIn(bytes: Buffer): Sent[] {
  const found: Sent[] = []
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf('\r\n\r\n', at)
    if (end < 0) break
    const [line = '', ...fields] = bytes.subarray(at, end).toString('latin1').split('\r\n')
    const headers = new Map(
      fields.map((field) => {
        const colon = field.indexOf(':')
        return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()] as const
      }),
    )
    if (headers.has('transfer-encoding')) throw new Error('a body of unknown length')
    const length = Number(headers.get('content-length') ?? 0)
    found.push({ line, headers, body: bytes.subarray(end + 4, end + 4 + length) })
    at = end + 4 + length
  }
  return found
}
