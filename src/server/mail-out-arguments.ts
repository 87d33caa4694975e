import { resolve } from 'node:path'
import { isLoopback } from './address.ts'
import { type DkimSettings, type MailRelay, RELAY_TLS } from './relay-settings.ts'
import { ServerError } from './server-error.ts'

/** The flags of `serve` about what the desk sends. */
export const MAIL_OUT = {
  'mail-from': { type: 'string' },
  'mail-relay': { type: 'string' },
  'mail-relay-tls': { type: 'string' },
  'mail-relay-user': { type: 'string' },
  'mail-dkim': { type: 'string' },
} as const

/** What is said now; `off` takes back what was said before. */
export type MailOut = {
  readonly from?: string
  readonly relay?: MailRelay | 'off'
  readonly dkim?: DkimSettings | 'off'
}

type Values = Readonly<Partial<Record<keyof typeof MAIL_OUT, string>>>

/** Throws `ServerError` usage. */
export function readMailOut(values: Values): MailOut {
  const { 'mail-from': from, 'mail-relay': relay, 'mail-dkim': dkim } = values
  const { 'mail-relay-tls': tls, 'mail-relay-user': user } = values
  if (relay === undefined && (tls !== undefined || user !== undefined))
    throw usage('--mail-relay-tls and --mail-relay-user belong to --mail-relay.')
  return {
    ...(from !== undefined && { from: from.toLowerCase() }),
    ...(relay !== undefined && { relay: relay === 'off' ? relay : relayIn(relay, tls, user) }),
    ...(dkim !== undefined && { dkim: dkim === 'off' ? dkim : dkimIn(dkim) }),
  }
}

/** `mail.example.org:587`; without a port the one for handing in mail. */
function relayIn(text: string, tls: string | undefined, user: string | undefined): MailRelay {
  const [, bracketed, plain, port = '587'] =
    /^(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+))(?::(\d{1,5}))?$/i.exec(text) ?? []
  const host = bracketed ?? plain
  if (host === undefined || Number(port) < 1 || Number(port) > 65_535)
    throw usage('--mail-relay is a host and its port, like mail.example.org:587, or off.')
  const usual = isLoopback(host) ? 'opportunistic' : 'required'
  const how = RELAY_TLS.find((known) => known === (tls ?? usual))
  if (how === undefined) throw usage(`--mail-relay-tls is one of ${RELAY_TLS.join(', ')}.`)
  return { host, port: Number(port), tls: how, ...(user !== undefined && { user }) }
}

/** `example.org:postern:FILE`. */
function dkimIn(text: string): DkimSettings {
  const [domain = '', selector = '', ...file] = text.split(':')
  if (domain === '' || selector === '' || file.join('') === '')
    throw usage(
      '--mail-dkim is DOMAIN:SELECTOR:KEYFILE, like example.org:postern:dkim.pem, or off.',
    )
  return { domain, selector, keyFile: resolve(file.join(':')) }
}

function usage(message: string): ServerError {
  return new ServerError('usage', message)
}
