import { once } from 'node:events'
import { chmodSync, lstatSync, readFileSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import { type Certificate, createListener } from '#http'
import type { ServeArguments } from './arguments.ts'
import { ServerError } from './server-error.ts'

export type Listening = {
  readonly server: Server
  /** 0 on a unix socket. */
  readonly port: number
}

type Where = Pick<ServeArguments, 'host' | 'port' | 'socket' | 'tls'>

/** Binds to the address or socket. Nothing is answered before the caller attaches the app. */
export async function listen({ host, port, socket, tls }: Where): Promise<Listening> {
  const server = createListener(tls && certificateOf(tls))
  try {
    if (socket === undefined) server.listen({ host, port })
    else {
      removeOldSocket(socket)
      server.listen(socket)
    }
    await once(server, 'listening')
  } catch (cause) {
    throw new ServerError('usage', whyNot(cause, { host, port, socket }), { cause })
  }
  if (socket !== undefined) chmodSync(socket, 0o600)
  const address = server.address()
  const bound = typeof address === 'object' && address !== null ? address.port : 0
  return { server, port: bound }
}

function certificateOf({ cert, key }: NonNullable<Where['tls']>): Certificate {
  try {
    const pair = { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') }
    // Throws here, and not at the first visitor, when the two are no pair.
    createListener(pair).close()
    return pair
  } catch (cause) {
    throw new ServerError(
      'usage',
      `The files of --tls-cert and --tls-key are not a readable certificate and its key.`,
      { cause },
    )
  }
}

/** A socket that a killed server left behind. Anything else is not ours to remove. */
function removeOldSocket(socket: string): void {
  if (lstatSync(socket, { throwIfNoEntry: false })?.isSocket() === true) rmSync(socket)
}

function whyNot(error: unknown, { host, port, socket }: Omit<Where, 'tls'>): string {
  const code = error instanceof Error && 'code' in error ? error.code : ''
  if (socket !== undefined) return `The socket ${socket} cannot be made: choose another path.`
  if (code === 'EADDRINUSE') return `Port ${port} on ${host} is taken: choose another with --port.`
  if (code === 'EACCES') return `Port ${port} needs more rights: choose one from 1024 with --port.`
  return `This machine has no address ${host} to listen on.`
}
