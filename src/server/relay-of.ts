import { createPrivateKey, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import type { RelaySettings } from '#post'
import { hostOf } from './address.ts'
import type { MailSettings } from './mail-settings.ts'
import type { DkimSettings } from './relay-settings.ts'
import { ServerError } from './server-error.ts'

/** The password of --mail-relay-user. It is not kept: like DATABASE_URL it comes with each start. */
export const RELAY_PASSWORD = 'POSTERN_RELAY_PASSWORD'

/** How this desk reaches its relay; `undefined` without one. Throws `ServerError` usage. */
export function relayOf(
  { relay, dkim }: MailSettings,
  origin: string,
  env: NodeJS.ProcessEnv,
): RelaySettings | undefined {
  if (relay === undefined) return undefined
  const { host, port, tls, user } = relay
  return {
    host,
    port,
    tls,
    helo: heloOf(hostOf(origin)),
    ...(user !== undefined && { login: { user, password: passwordOf(user, env) } }),
    ...(dkim && { dkim: { ...dkim, key: signingKey(dkim) } }),
  }
}

/** RFC 5321: an address stands in brackets. */
function heloOf(host: string): string {
  const kind = isIP(host)
  if (kind === 0) return host
  return kind === 6 ? `[IPv6:${host}]` : `[${host}]`
}

function passwordOf(user: string, env: NodeJS.ProcessEnv): string {
  const password = env[RELAY_PASSWORD] ?? ''
  if (password !== '') return password
  throw new ServerError(
    'usage',
    `The relay wants a login as ${user}: give its password in the environment as ${RELAY_PASSWORD}.`,
  )
}

/** Throws `ServerError` usage. Looked at before anything is sent: a key that does not sign would let mail go out unsigned, and nobody would be told. */
export function signingKey({ keyFile }: DkimSettings): string {
  const wrong = `The file of --mail-dkim, ${keyFile}, is not a readable RSA key of 2048 bits or more.`
  let key: KeyObject
  let text: string
  try {
    text = readFileSync(keyFile, 'utf8')
    key = createPrivateKey(text)
  } catch (cause) {
    throw new ServerError('usage', wrong, { cause })
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (key.asymmetricKeyType !== 'rsa' || bits < 2048) throw new ServerError('usage', wrong)
  return text
}
