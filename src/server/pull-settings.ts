import type { PullThen } from '#intake'
import { fits, isPort, isText } from './relay-settings.ts'
import { ServerError } from './server-error.ts'

/** A mailbox that the desk empties: `pull` of `mail` in settings.json. No secret stands here. */
export type MailPull = {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly folder: string
  readonly afterwards: PullThen
  /** The file that holds the secret, and what it is. */
  readonly secret: 'password' | 'token'
  readonly secretFile: string
  readonly caFile?: string
}

export function isPull(value: unknown): value is MailPull {
  const secret = (said: unknown): boolean => said === 'password' || said === 'token'
  const needed = { host: isText, port: isPort, user: isText, folder: isText, secretFile: isText }
  return fits(value, { ...needed, secret, afterwards: isAfterwards }, { caFile: isText })
}

/** Throws `ServerError` usage. */
export function demandSoundPull(
  { folder, afterwards }: MailPull,
  addresses: readonly string[],
): void {
  if (addresses.length === 0)
    throw new ServerError('usage', '--pull needs --mail-address: whose mail is in the mailbox?')
  // It would be pulled again and again.
  if (typeof afterwards === 'object' && afterwards.move.toLowerCase() === folder.toLowerCase())
    throw new ServerError('usage', '--pull-then move:FOLDER takes another folder than --pull.')
}

function isAfterwards(value: unknown): boolean {
  return value === 'keep' || value === 'delete' || fits(value, { move: isText }, {})
}
