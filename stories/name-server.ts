import { createSocket, type RemoteInfo } from 'node:dgram'
import { once } from 'node:events'

/*
 * A name server of the story's own, on loopback UDP (RFC 1035): what a sender's domain says is what the table
 * says, and no test asks the name servers of the machine that it runs on.
 */

/** By type and name: `TXT example.net`, `MX example.net` (`10 mx.example.net`), `A mx.example.net`. */
export type Zone = Readonly<Record<string, string>>

export type NameServer = {
  /** For `--mail-dns`. */
  readonly at: string
  /** What it was asked, in order: `TXT _dmarc.example.net`. */
  readonly asked: readonly string[]
  readonly close: () => Promise<void>
}

/** What is not in the table does not exist. `silent`: says nothing to anybody. */
export async function startNameServer(
  zone: Zone = {},
  { silent = false }: { readonly silent?: boolean } = {},
): Promise<NameServer> {
  const asked: string[] = []
  const socket = createSocket('udp4')
  socket.on('message', (question, from: RemoteInfo) => {
    const { name, type, end } = questionIn(question)
    asked.push(`${type} ${name}`)
    if (silent) return
    socket.send(answerTo(question.subarray(0, end), zone, { name, type }), from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  // It ends with the story that forgot it.
  socket.unref()
  return {
    at: `127.0.0.1:${socket.address().port}`,
    asked,
    close: async () => {
      socket.close()
      await once(socket, 'close')
    },
  }
}

let nobody: Promise<NameServer> | undefined

/** The words of `serve` with a name server that knows no name, where mail is spoken of and none was given. */
export async function withNameServer(args: readonly string[]): Promise<readonly string[]> {
  if (!args.includes('--mail-address') || args.includes('--mail-dns')) return args
  nobody ??= startNameServer()
  return [...args, '--mail-dns', (await nobody).at]
}

const TYPES: Readonly<Record<number, string>> = { 1: 'A', 15: 'MX', 16: 'TXT', 28: 'AAAA' }

function questionIn(message: Buffer) {
  const labels: string[] = []
  let at = 12
  for (let size = message[at] ?? 0; size > 0; size = message[at] ?? 0) {
    labels.push(message.toString('latin1', at + 1, at + 1 + size).toLowerCase())
    at += 1 + size
  }
  const number = message.readUInt16BE(at + 1)
  return { name: labels.join('.'), type: TYPES[number] ?? `TYPE${number}`, end: at + 5 }
}

const IS_ANSWER = 0x8400
const RECURSION = 0x0180
const NO_SUCH_NAME = 3

function answerTo(
  asked: Buffer,
  zone: Zone,
  { name, type }: { readonly name: string; readonly type: string },
): Buffer {
  const text = zone[`${type} ${name}`]
  const known = Object.keys(zone).some((each) => each.endsWith(` ${name}`))
  const head = Buffer.alloc(12)
  asked.copy(head, 0, 0, 2)
  head.writeUInt16BE(IS_ANSWER | RECURSION | (known ? 0 : NO_SUCH_NAME), 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt16BE(text === undefined ? 0 : 1, 6)
  const question = asked.subarray(12)
  if (text === undefined) return Buffer.concat([head, question])
  const content = contentOf(type, text)
  // The name of the question, by its place; its type and class; for no time; so long.
  const place = Buffer.from([0xc0, 12, ...question.subarray(-4), 0, 0, 0, 0])
  const size = Buffer.alloc(2)
  size.writeUInt16BE(content.length)
  return Buffer.concat([head, question, place, size, content])
}

function contentOf(type: string, text: string): Buffer {
  if (type === 'A') return Buffer.from(text.split('.').map(Number))
  if (type === 'MX') {
    const [preference, exchange = ''] = text.split(' ')
    const rank = Buffer.alloc(2)
    rank.writeUInt16BE(Number(preference))
    return Buffer.concat([rank, ...exchange.split('.').map(stringOf), Buffer.alloc(1)])
  }
  if (type !== 'TXT') throw new Error(`no such record here: ${type}`)
  return Buffer.concat((text.match(/.{1,255}/gs) ?? ['']).map(stringOf))
}

function stringOf(text: string): Buffer {
  return Buffer.from([text.length, ...Buffer.from(text, 'latin1')])
}
