import { isLoopback } from './address.ts'
import { ServerError } from './server-error.ts'

export const RELAY_TLS = ['required', 'opportunistic', 'none'] as const

export type MailRelay = {
  readonly host: string
  readonly port: number
  readonly tls: (typeof RELAY_TLS)[number]
  readonly user?: string
}

export type DkimSettings = {
  readonly domain: string
  readonly selector: string
  readonly keyFile: string
}

export function isRelay(value: unknown): value is MailRelay {
  const tls = (said: unknown) => RELAY_TLS.some((known) => known === said)
  return fits(value, { host: isText, port: isPort, tls }, { user: isText })
}

export function isDkim(value: unknown): value is DkimSettings {
  return fits(value, { domain: isText, selector: isText, keyFile: isText }, {})
}

/** Throws `ServerError` usage. Mail holds addresses and a login opens a mailbox: neither crosses a network in clear by our will. */
export function demandSoundRelay({ host, tls, user }: MailRelay): void {
  if (isLoopback(host)) return
  if (tls === 'none')
    throw new ServerError(
      'usage',
      '--mail-relay-tls none is for a relay on this machine; take opportunistic for one without TLS.',
    )
  if (user !== undefined && tls !== 'required')
    throw new ServerError('usage', '--mail-relay-user needs --mail-relay-tls required.')
}

/** Throws `ServerError` usage. */
export function demandSoundDkim({ domain, selector }: DkimSettings): void {
  if (!DKIM_NAMES.test(`${selector}.${domain}`))
    throw new ServerError('usage', '--mail-dkim takes a domain and a selector as in the DNS.')
}

type Forms = Readonly<Record<string, (value: unknown) => boolean>>

export function fits(value: unknown, needed: Forms, allowed: Forms): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const forms = new Map(Object.entries({ ...needed, ...allowed }))
  const fields = Object.entries(value)
  return (
    Object.keys(needed).every((name) => Object.hasOwn(value, name)) &&
    fields.every(([name, item]) => forms.get(name)?.(item) === true)
  )
}

export function isPort(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 65_535
}

export function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}

const DKIM_NAMES = /^(?:[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?\.){2,}[a-z0-9-]*[a-z0-9]$/i
