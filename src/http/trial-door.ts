import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type IncomingMessage, request, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PROBLEMS } from '#contract'
import { openCaseFolds } from '#desk'
import { type IdentityDeps, openDeskChain } from '#identity'
import { nodeDisk, openJournal } from '#intake'
import type { CurrentDirectory, LedgerWriter } from '#ledger'
import { publishTree } from '#publication'
import { loginMessage, type Signer } from '#seal'
import { openPublicTree } from '#valve'
import { type App, createApp, type HttpDeps } from './app.ts'
import type { Rooms } from './handlers.ts'
import type { MailRoom } from './mail-room.ts'
import { closeListener, createListener, serveApp } from './listener.ts'

type Db = IdentityDeps['db']

/** For tests: what stands behind the door, such as a house of the stories. */
type Behind = {
  readonly database: {
    readonly logins: {
      readonly identity: Db
      readonly desk: Db
      readonly intake: Db
      readonly site: Db
    }
  }
  readonly world: { readonly server: Signer }
  readonly ledger: LedgerWriter
  readonly clock: () => number
  readonly random: IdentityDeps['random']
}

export type TrialDoor = {
  readonly origin: string
  readonly port: number
  readonly rooms: Rooms
  readonly app: App
  /** Errors that nobody foresaw. */
  readonly failures: string[]
  readonly close: () => Promise<void>
}

export type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/** For tests: the real front door on a port of loopback, with a journal that goes when it is closed. */
export async function openTrialDoor(
  behind: Behind,
  options: Partial<Pick<HttpDeps, 'limits' | 'trustedProxies' | 'isHealthy' | 'browser'>> = {},
): Promise<TrialDoor> {
  const server = createListener(undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const port = portOf(server)
  const origin = `http://localhost:${port}`
  const failures: string[] = []
  const folder = await mkdtemp(join(tmpdir(), 'postern-journal-'))
  const rooms = await roomsOf(behind, origin, folder)
  const app = createApp({
    rooms,
    limits: 'off',
    trustedProxies: [],
    isAway: () => false,
    isHealthy: () => Promise.resolve(true),
    failed: (endpoint, error) => failures.push(`${endpoint} ${String(error)}`),
    clock: behind.clock,
    random: behind.random,
    browser: { assets: new Map(), pages: new Map() },
    ...options,
  })
  serveApp(server, app, origin)
  const close = async () => {
    await closeListener(server, 1000)
    await rm(folder, { recursive: true })
  }
  return { origin, port, rooms, app, failures, close }
}

/** One exchange, exactly as written: no header is added but Host and Content-Length. */
export async function ask(
  { port }: Pick<TrialDoor, 'port'>,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body?: string | Uint8Array,
): Promise<Answer> {
  const sent = request({ host: '127.0.0.1', port, method, path, headers, agent: false })
  sent.end(body)
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  const parts: Buffer[] = []
  for await (const part of answer) parts.push(part as Buffer)
  const plain = Object.entries(answer.headers).map(([name, value]) => [name, String(value)])
  return {
    status: answer.statusCode ?? 0,
    headers: Object.fromEntries(plain) as Record<string, string>,
    text: Buffer.concat(parts).toString('utf8'),
  }
}

/** A request as our own clients send it. */
export function post(
  door: Pick<TrialDoor, 'port' | 'origin'>,
  path: string,
  body: unknown,
  session?: string,
): Promise<Answer> {
  const headers = {
    origin: door.origin,
    'content-type': 'application/json',
    ...(session !== undefined && { authorization: `Bearer ${session}` }),
  }
  return ask(door, 'POST', path, headers, JSON.stringify(body))
}

/** Logs in with a key, as a key file does. */
export async function logInAs(
  door: TrialDoor,
  desk: string,
  signer: Signer,
  time: string,
): Promise<string> {
  const asked = await post(door, '/api/v1/login/challenge', {})
  const { nonce } = JSON.parse(asked.text) as { nonce: string }
  const who = signer.who
  const sig = await signer.sign(loginMessage({ desk, nonce, origin: door.origin, time, who }))
  const answer = await post(door, '/api/v1/login', { who, nonce, time, sig })
  return (JSON.parse(answer.text) as { session: string }).session
}

/** The one text of each refusal. */
export function refusalText(status: 401 | 404): string {
  const code = status === 401 ? 'not-logged-in' : 'not-found'
  const { title } = PROBLEMS[code]
  return JSON.stringify({ type: `urn:postern:problem:${code}`, title, status, code })
}

async function roomsOf(behind: Behind, origin: string, folder: string): Promise<Rooms> {
  const { ledger, clock, random } = behind
  const { logins } = behind.database
  const signer = behind.world.server
  const deskChain = openDeskChain(logins.identity)
  const directory = deskChain.current
  const common = { ledger, directory, clock, random }
  const journal = await openJournal({ folder, disk: nodeDisk })
  const identity = { db: logins.identity, ledger, deskChain, server: signer.who, origin }
  return {
    identity: { ...identity, clock, random },
    desk: { db: logins.desk, folds: openCaseFolds({ directory }), ...common },
    intake: { db: logins.intake, journal, ...common },
    valve: trialValve(logins.site, directory, clock, origin),
    signer,
    mail: { addresses: ['security@example.org'], taken: true, read: noMail, test: nothingSent },
    planned: { name: 'Planned <b>Foundation</b>', domain: 'example.org' },
  }
}

/** Builds the public tree as the server does, without its look. */
function trialValve(
  db: Db,
  directory: CurrentDirectory,
  clock: () => number,
  url: string,
): Rooms['valve'] {
  const tree = openPublicTree({ db, directory, clock, url, publish: publishTree, options: {} })
  return { db, directory, clock, addresses: ['security@example.org'], tree }
}

/** A desk of whose mail nothing was said. */
function noMail(): ReturnType<MailRoom['read']> {
  const counts = { waiting: 0, sent: 0, dead: 0, expired: 0, bounced: 0 }
  return Promise.resolve({ addresses: [], from: '', dkim: '', counts, mails: [] })
}

function nothingSent(): ReturnType<MailRoom['test']> {
  return Promise.resolve({ sent: false, findings: [] })
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new RangeError('not on a port')
  return address.port
}
