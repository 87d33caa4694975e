import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { ExactStream } from './exact-stream.ts'
import { isPlainRecipient } from './own-recipients.ts'

const MOST_ERRORS = 20
const LONGEST_COMMAND = 2048

/** The library's server, with connections of ours. */
export class DoorServer extends SMTPServer {
  readonly #watch: NodeJS.Timeout

  /** `session`: so many milliseconds for each, whatever it does. */
  constructor(session: number, options: SMTPServerOptions) {
    super(options)
    // A client that resets its connection is not our error; unheard, it would end the process.
    this.on('error', () => undefined)
    const end = (): void => this.#endSessions(performance.now() - session)
    this.#watch = setInterval(end, session / 20)
    this.#watch.unref()
  }

  /** Silence has an end by the library's own clock; this is for those who send a byte now and then. */
  #endSessions(before: number): void {
    for (const connection of this.connections)
      if (connection instanceof DoorConnection && connection.began < before)
        connection.send(421, 'This session took too long.')
  }

  override close(callback: () => void): void {
    clearInterval(this.#watch)
    super.close(callback)
  }

  override connect(...[socket, options]: Parameters<SMTPServer['connect']>): void {
    const connection = new DoorConnection(this, socket, options)
    this.connections.add(connection)
    connection.on('error', () => undefined)
    connection.init()
  }
}

/** What the library has no option for: no pause before the greeting, an end to every session and to errors. */
class DoorConnection extends SMTPConnection {
  #greeted = false
  #errors = 0
  readonly began = performance.now()

  /** The library waits 100 ms to catch those who talk before it. They harm nobody: every reply is in order. */
  override init(): void {
    super.init()
    this.connectionReady()
  }

  override connectionReady(next?: () => void): void {
    if (this.#greeted) return
    this.#greeted = true
    super.connectionReady(next)
  }

  override send(...[code, ...rest]: Parameters<SMTPConnection['send']>): void {
    if (code >= 500 && ++this.#errors > MOST_ERRORS) super.send(421, 'Too many errors.')
    else super.send(code, ...rest)
  }

  override _createParser(): ExactStream {
    const parser = new ExactStream({ maxCommandLength: LONGEST_COMMAND })
    parser.oncommand = (command, done) => this['_onCommand'](command, done)
    parser.on('error', () => this.send(421, 'This command is too long.'))
    return parser
  }

  override handler_RCPT(command: Buffer, callback: () => void): void {
    if (isPlainRecipient(command.toString())) {
      super.handler_RCPT(command, callback)
      return
    }
    this.send(550, 'This desk takes mail for its own addresses only.')
    callback()
  }
}
