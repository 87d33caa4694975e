import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'

export type SunkMail = {
  readonly from: string
  readonly to: string
  /** Byte for byte, without the stuffed dots. */
  readonly data: string
  readonly at: number
}

export type MailSink = {
  readonly port: number
  readonly mails: readonly SunkMail[]
  /** Every command line that came. */
  readonly lines: readonly string[]
  /** Resolves when so many mails are there; rejects after `within` milliseconds. */
  readonly whenMails: (count: number, within?: number) => Promise<readonly SunkMail[]>
  readonly close: () => Promise<void>
}

type Options = {
  readonly port?: number
  /** What to answer to a command instead of the usual; `.` stands for the end of the data, `''` for the greeting. */
  readonly answer?: ((line: string) => string | undefined) | undefined
  /** Offers STARTTLS, and takes no mail before it. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined
}

/** A mail server that takes everything for everybody and keeps it: what a relay would have carried. */
export async function startMailSink({ port = 0, answer, tls }: Options = {}): Promise<MailSink> {
  const mails: SunkMail[] = []
  const lines: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy())
    talk(socket, { mails, lines, answer, tls })
    socket.write(`${answer?.('') ?? '220 sink'}\r\n`)
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    mails,
    lines,
    whenMails: async (count, within = 10_000) => {
      for (const end = Date.now() + within; mails.length < count;) {
        if (Date.now() > end) throw new Error(`${mails.length} of ${count} mails came`)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      return mails
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function talk(
  socket: Socket,
  state: Pick<Options, 'answer' | 'tls'> & { mails: SunkMail[]; lines: string[] },
): void {
  const { mails, lines, answer, tls } = state
  let [from, to, data, buffered] = ['', '', '', '']
  let inData = false
  const say = (line: string, usual: string) => socket.write(`${answer?.(line) ?? usual}\r\n`)
  const command = (line: string): void => {
    lines.push(line)
    const [verb = ''] = line.toUpperCase().split(/[ :]/)
    if (verb === 'EHLO') say(line, `250-sink\r\n250 ${tls === undefined ? '8BITMIME' : 'STARTTLS'}`)
    else if (verb === 'STARTTLS' && tls !== undefined) {
      socket.removeAllListeners('data').write('220 go on\r\n')
      const secureContext = createSecureContext(tls)
      const secure = new TLSSocket(socket, { isServer: true, secureContext })
      secure.on('error', () => socket.destroy())
      talk(secure, { mails, lines, answer })
    } else if (verb === 'MAIL' && tls !== undefined) say(line, '530 5.7.0 STARTTLS first')
    else if (verb === 'DATA') {
      inData = (answer?.(line) ?? '354').startsWith('354')
      data = ''
      say(line, '354 go on')
    } else if (verb === 'QUIT') socket.end('221 bye\r\n')
    else if (!['MAIL', 'RCPT', 'RSET', 'HELO'].includes(verb)) say(line, '502 5.5.1 no')
    else {
      if (verb === 'MAIL') from = /<([^>]*)>/.exec(line)?.[1] ?? ''
      if (verb === 'RCPT') to = /<([^>]*)>/.exec(line)?.[1] ?? ''
      say(line, '250 2.0.0 ok')
    }
  }
  socket.on('data', (bytes: Buffer) => {
    buffered += bytes.toString('latin1')
    for (let end = buffered.indexOf('\r\n'); end !== -1; end = buffered.indexOf('\r\n')) {
      const line = buffered.slice(0, end)
      buffered = buffered.slice(end + 2)
      if (!inData) command(line)
      else if (line === '.') {
        inData = false
        if ((answer?.('.') ?? '250').startsWith('250'))
          mails.push({ from, to, data, at: Date.now() })
        say('.', '250 2.0.0 queued as 1 for someone@example.org')
      } else data += `${line.replace(/^\./, '')}\r\n`
    }
  })
}
