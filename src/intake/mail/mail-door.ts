import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { LIMITS, MINUTE, SECOND } from '#lexicon'
import type { SMTPServerDataStream, SMTPServerSession } from 'smtp-server'
import { IntakeError } from '../intake-error.ts'
import { authenticateMail, type Resolve } from './authenticate-mail.ts'
import { DoorServer } from './door-connection.ts'
import { growingBytes } from './growing-bytes.ts'
import { mailFacts } from './mail-facts.ts'
import { ownRecipients } from './own-recipients.ts'
import type { Mail, Taken } from './take-mail.ts'
import { networkOf, openTally, type Tally } from './tally.ts'

export type MailDoor = {
  readonly port: number
  /** Lets those who are in the middle of a mail finish, for a moment. */
  readonly close: () => Promise<void>
}

export type MailDoorDeps = {
  readonly host: string
  readonly port: number
  /** How this desk greets. */
  readonly name: string
  readonly tls: { readonly key: string; readonly cert: string }
  readonly addresses: readonly string[]
  readonly resolve: Resolve
  /** Does this desk take reports now? Not while a restored copy waits for its people. */
  readonly isOpen: () => Promise<boolean>
  /** Is one more mail taken from this address now? */
  readonly mayCome: (ip: string) => boolean
  /** Durable when its promise is kept. */
  readonly take: (mail: Mail) => Promise<Taken>
  /** Told why a mail was not taken, so that it is not lost in silence. */
  readonly failed: (error: unknown) => void
}

/** How long others may take, and how much at once. Tests have less patience. */
export type Patience = {
  readonly silence: number
  readonly session: number
  /** Bytes of mails that are on their way in. */
  readonly onTheWay: { readonly all: number; readonly each: number }
}

const USUAL: Patience = {
  silence: MINUTE,
  // Longer than any mail that we take needs; and then the place is somebody else's.
  session: 15 * MINUTE,
  onTheWay: { all: 6 * LIMITS.mail, each: LIMITS.mail },
}
const CONNECTIONS = { all: 100, each: 20 }
const FINISH_WITHIN = 5 * SECOND

/** Listens for SMTP (RFC 5321): for this desk's addresses, from anybody, with STARTTLS and without a log-in. */
export async function openMailDoor(
  deps: MailDoorDeps,
  { silence, session, onTheWay } = USUAL,
): Promise<MailDoor> {
  const isOwn = ownRecipients(deps.addresses)
  const connections = openTally(CONNECTIONS)
  const memory = openTally(onTheWay)
  const admitted = new Set<string>()
  const server = new DoorServer(session, {
    name: deps.name,
    heloResponse: '%s',
    ...deps.tls,
    minVersion: 'TLSv1.2',
    logger: false,
    // Who may do what does not hang on a name in the DNS.
    disableReverseLookup: true,
    disabledCommands: ['AUTH', 'VRFY', 'HELP', 'WIZ', 'SHELL', 'KILL'],
    hideENHANCEDSTATUSCODES: false,
    size: LIMITS.mail,
    rejectOversized: true,
    maxClients: CONNECTIONS.all,
    maxRecipients: 20,
    socketTimeout: silence,
    closeTimeout: FINISH_WITHIN,
    onConnect: ({ id, remoteAddress }, answer) => {
      if (!connections.take(networkOf(remoteAddress), 1))
        return answer(refusal(421, 'Too many connections from there.'))
      admitted.add(id)
      answer()
    },
    onClose: ({ id, remoteAddress }) => {
      if (admitted.delete(id)) connections.give(networkOf(remoteAddress), 1)
    },
    onRcptTo: ({ address }, _session, answer) => {
      if (isOwn(address)) return answer()
      answer(refusal(550, 'This desk takes mail for its own addresses only.'))
    },
    onData: (stream, session, answer) => {
      receive(stream, session, memory, deps).then(
        () => answer(null, 'Taken: it is sealed and on the disk.'),
        (error: unknown) => answer(refusalFor(error, deps)),
      )
    },
  })
  server.listen({ host: deps.host, port: deps.port })
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  return {
    port,
    close: () => new Promise<void>((closed) => server.close(closed)),
  }
}

/** From the first byte to the disk. What comes while it is not taken is read and forgotten. */
async function receive(
  stream: SMTPServerDataStream,
  session: SMTPServerSession,
  memory: Tally,
  deps: MailDoorDeps,
): Promise<void> {
  const who = networkOf(session.remoteAddress)
  const came = growingBytes(LIMITS.mail)
  let held = 0
  // Counted here, where a mail comes: to name a sender and go away costs its neighbours nothing.
  let why = deps.mayCome(session.remoteAddress)
    ? undefined
    : refusal(450, 'Too many mails from there: try again later.')
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      if (why !== undefined) continue
      if (stream.sizeExceeded) why = refusal(552, 'This mail is too large.')
      else if (memory.take(who, chunk.length)) held += chunk.length
      else why = refusal(452, 'Too much mail at once: try again later.')
      if (why === undefined) came.add(chunk)
    }
    if (why !== undefined) throw why
    await fileMail(came.whole(), session, deps)
  } finally {
    memory.give(who, held)
  }
}

async function fileMail(
  raw: Mail['raw'],
  session: SMTPServerSession,
  deps: MailDoorDeps,
): Promise<void> {
  if (!(await deps.isOpen())) throw new IntakeError('not-open', 'This desk only reads now.')
  const { mailFrom, rcptTo } = session.envelope
  const seen = {
    client: { helo: session.hostNameAppearsAs, ip: session.remoteAddress, tls: session.secure },
    from: mailFrom === false ? '' : mailFrom.address,
    to: rcptTo.map(({ address }) => address),
  }
  const results = await authenticateMail({ ...seen, raw }, deps.resolve)
  await deps.take({ facts: mailFacts({ ...seen, results, way: 'smtp' }), raw })
}

type Refusal = Error & { readonly responseCode: number }

function refusal(responseCode: number, message: string): Refusal {
  return Object.assign(new Error(message), { responseCode })
}

/** Whoever sends keeps the mail after a 4xx, and comes again: nothing that is our trouble is a 5xx. */
function refusalFor(error: unknown, { failed }: MailDoorDeps): Refusal {
  if (isRefusal(error)) return error
  if (!isCut(error)) failed(error)
  const full = error instanceof IntakeError && error.code === 'disk-full'
  return full
    ? refusal(452, 'There is no room now: try again later.')
    : refusal(451, 'This desk cannot take mail now: try again later.')
}

/** The other side went away in the middle: it has the mail and comes again. */
function isCut(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : ''
  return code === 'ECONNECTION' || code === 'ERR_STREAM_PREMATURE_CLOSE'
}

function isRefusal(error: unknown): error is Refusal {
  return error instanceof Error && 'responseCode' in error
}
