import { isIP } from 'node:net'
import { parseArgs, type ParseArgsConfig } from 'node:util'
import { isLoopback } from './address.ts'
import { MAIL_OUT, type MailOut, readMailOut } from './mail-out-arguments.ts'
import { MAIL_FORWARDER, readForwarders } from './mail-forwarders.ts'
import { MAIL_DNS, readNameServers } from './name-servers.ts'
import { MAIL_PULL, readPull } from './pull-arguments.ts'
import type { MailPull } from './pull-settings.ts'
import { ServerError } from './server-error.ts'

type Options = NonNullable<ParseArgsConfig['options']>

export const COMMANDS = [
  'start',
  'serve',
  'backup',
  'restore',
  'verify',
  'doctor',
  'mail',
  'publish',
] as const
export type Command = (typeof COMMANDS)[number]

/** Where a desk lives. */
export type Place = {
  readonly data: string
  readonly databaseUrl: string | undefined
  readonly json: boolean
}

export type ServeArguments = Place & {
  readonly host: string
  readonly port: number
  /** Listen on this unix socket instead. */
  readonly socket: string | undefined
  readonly url: string | undefined
  readonly name: string | undefined
  readonly domain: string | undefined
  readonly tls: { readonly cert: string; readonly key: string } | undefined
  readonly trustedProxies: readonly string[]
  readonly limits: boolean
  readonly unsafe: boolean
  /** Where the history of the public tree is pushed; `off`: nowhere any more. */
  readonly publishTo: string | undefined
  readonly mail: MailArguments
}

/** What is said of mail; all but the files is kept in the data folder. */
export type MailArguments = {
  /** `off`: taken no more. */
  readonly port: number | 'off' | undefined
  readonly host: string | undefined
  readonly addresses: readonly string[]
  readonly tls: { readonly cert: string; readonly key: string } | undefined
  readonly dns: readonly string[] | 'off' | undefined
  readonly forwarders: readonly string[] | 'off' | undefined
  readonly out: MailOut
  readonly pull: MailPull | 'off' | undefined
}

/** Also the file to write or read. */
export type FileArguments = Place & { readonly file: string }

const PLACE = {
  data: { type: 'string' },
  'database-url': { type: 'string' },
  json: { type: 'boolean' },
} as const satisfies Options

const SERVE = {
  ...PLACE,
  port: { type: 'string' },
  host: { type: 'string' },
  socket: { type: 'string' },
  url: { type: 'string' },
  name: { type: 'string' },
  domain: { type: 'string' },
  'tls-cert': { type: 'string' },
  'tls-key': { type: 'string' },
  'trusted-proxy': { type: 'string', multiple: true },
  limits: { type: 'string' },
  unsafe: { type: 'boolean' },
  'publish-to': { type: 'string' },
  'mail-port': { type: 'string' },
  'mail-host': { type: 'string' },
  'mail-address': { type: 'string', multiple: true },
  'mail-tls-cert': { type: 'string' },
  'mail-tls-key': { type: 'string' },
  ...MAIL_DNS,
  ...MAIL_FORWARDER,
  ...MAIL_OUT,
  ...MAIL_PULL,
} as const satisfies Options

export const USAGE: Readonly<Record<Command, string>> = {
  start: 'bin/start [--data DIR] [--port 8080] [--url URL] [--name NAME --domain DOMAIN]',
  serve: `postern serve [--data DIR] [--host 127.0.0.1] [--port 8080] [--url URL]
  [--name NAME --domain DOMAIN] [--tls-cert FILE --tls-key FILE]
  [--trusted-proxy ADDRESS]… [--limits off] [--socket PATH]
  [--mail-port PORT|off] [--mail-host 127.0.0.1] [--mail-address ADDRESS]…
  [--mail-tls-cert FILE --mail-tls-key FILE] [--mail-dns ADDRESS[:PORT],…|off]
  [--mail-forwarder ADDRESS,…|off] [--mail-from ADDRESS]
  [--mail-relay HOST:PORT|off] [--mail-relay-tls required|opportunistic|none]
  [--mail-relay-user USER] [--mail-dkim DOMAIN:SELECTOR:FILE|off]
  [--pull imaps://USER@HOST/FOLDER|off] [--pull-password-file FILE|--pull-token-file FILE]
  [--pull-then keep|move:FOLDER|delete] [--pull-ca FILE]
  [--publish-to REPOSITORY|off] [--database-url URL] [--unsafe] [--json]`,
  backup: 'postern backup FILE --data DIR [--database-url URL] [--json]',
  restore: 'postern restore FILE --data DIR [--database-url URL] [--json]',
  verify: 'postern verify --data DIR [--database-url URL] [--json]',
  doctor: 'postern doctor --data DIR [--database-url URL] [--json]',
  publish: 'postern publish build --out DIR --data DIR [--database-url URL] [--json]',
  mail: `postern mail queue --data DIR [--database-url URL] [--json]
postern mail test [--to ADDRESS] --data DIR [--json]
postern mail import FILE|MBOX|MAILDIR --data DIR [--database-url URL] [--unsafe] [--json]`,
}

/** Throws `ServerError` usage for everything that it does not know. */
export function readServeArguments(args: readonly string[]): ServeArguments {
  const { values } = parse(args, SERVE, 0)
  const host = values.host ?? '127.0.0.1'
  const tls = pairOf('--tls-cert and --tls-key', values['tls-cert'], values['tls-key'])
  const local = values.socket !== undefined || isLoopback(host)
  if (!local && tls === undefined)
    throw usage(
      `Without TLS the server listens on this machine only, not on ${host}: give --tls-cert and --tls-key, or put a reverse proxy in front.`,
    )
  if (values.limits !== undefined && values.limits !== 'off')
    throw usage('--limits takes only the word off; sizes stand in settings.json.')
  if (values.limits === 'off' && !local)
    throw usage('--limits off is for trials on this machine: listen on 127.0.0.1 or a socket.')
  const trustedProxies = values['trusted-proxy'] ?? []
  if (!trustedProxies.every((proxy) => isIP(proxy) !== 0))
    throw usage('--trusted-proxy is an IP address.')
  const mailPort = values['mail-port']
  return {
    ...place(values),
    host,
    port: portOf('--port', values.port ?? '8080'),
    socket: values.socket,
    url: values.url,
    name: values.name,
    domain: values.domain,
    tls,
    trustedProxies,
    limits: values.limits === undefined,
    unsafe: values.unsafe === true,
    publishTo: values['publish-to'],
    mail: {
      port:
        mailPort === undefined || mailPort === 'off' ? mailPort : portOf('--mail-port', mailPort),
      host: values['mail-host'],
      addresses: (values['mail-address'] ?? []).map((address) => address.toLowerCase()),
      tls: pairOf(
        '--mail-tls-cert and --mail-tls-key',
        values['mail-tls-cert'],
        values['mail-tls-key'],
      ),
      dns: readNameServers(values['mail-dns']),
      forwarders: readForwarders(values['mail-forwarder']),
      out: readMailOut(values),
      pull: readPull(values),
    },
  }
}

export function readPlaceArguments(args: readonly string[]): Place {
  return place(parse(args, PLACE, 0).values)
}

/** `postern mail queue`, `postern mail test [--to ADDRESS]`, `postern mail import PATH`. */
export type MailCommand = Place &
  (
    | { readonly act: 'queue' }
    | { readonly act: 'test'; readonly to: string | undefined }
    | { readonly act: 'import'; readonly file: string; readonly unsafe: boolean }
  )

export function readMailCommand(args: readonly string[]): MailCommand {
  const { values, positionals } = parsedOrUsage(args, {
    ...PLACE,
    to: { type: 'string' },
    unsafe: { type: 'boolean' },
  })
  const [act, file, ...more] = positionals
  const { to, unsafe = false } = values
  const silent = to === undefined && more.length === 0
  if (act === 'import' && file !== undefined && silent)
    return { ...place(values), act, file, unsafe }
  if (act === 'queue' && file === undefined && silent && !unsafe) return { ...place(values), act }
  if (act === 'test' && file === undefined && !unsafe) return { ...place(values), act, to }
  throw usage(
    'Say “postern mail queue”, “postern mail test [--to ADDRESS]” or “postern mail import PATH”.',
  )
}

/** `postern publish build --out DIR`. */
export function readPublishCommand(args: readonly string[]): Place & { readonly out: string } {
  const { values, positionals } = parsedOrUsage(args, { ...PLACE, out: { type: 'string' } })
  const [act, ...more] = positionals
  if (act === 'build' && more.length === 0 && values.out !== undefined)
    return { ...place(values), out: values.out }
  throw usage('Say “postern publish build --out DIR --data DIR”.')
}

export function readFileArguments(args: readonly string[]): FileArguments {
  const { values, positionals } = parse(args, PLACE, 1)
  return { ...place(values), file: positionals[0] ?? '' }
}

function place(values: {
  readonly data?: string
  readonly 'database-url'?: string
  readonly json?: boolean
}): Place {
  const url = values['database-url'] ?? process.env.DATABASE_URL
  return {
    data: values.data ?? './data',
    databaseUrl: url === '' ? undefined : url,
    json: values.json === true,
  }
}

function parse<const O extends Options>(args: readonly string[], options: O, files: number) {
  const parsed = parsedOrUsage(args, options)
  const { positionals } = parsed
  if (positionals.length < files) throw usage('Name the file: postern backup FILE --data DIR.')
  if (positionals.length > files)
    throw usage(`“${positionals[files]}” does not belong here: see --help.`)
  return parsed
}

function parsedOrUsage<const O extends Options>(args: readonly string[], options: O) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: true })
  } catch (cause) {
    // Node's own words run over several sentences.
    const why = cause instanceof Error ? cause.message.split('. ')[0] : 'unknown'
    throw new ServerError('usage', `${why}: see --help.`, { cause })
  }
}

function pairOf(
  names: string,
  cert: string | undefined,
  key: string | undefined,
): ServeArguments['tls'] {
  if ((cert === undefined) !== (key === undefined)) throw usage(`${names} belong together.`)
  return cert === undefined || key === undefined ? undefined : { cert, key }
}

function portOf(flag: string, text: string): number {
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw usage(`${flag} is a number up to 65535.`)
}

function usage(message: string): ServerError {
  return new ServerError('usage', message)
}
