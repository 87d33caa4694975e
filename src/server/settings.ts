import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LIMIT_CLASSES, type Limit, type Limits, USUAL_LIMITS } from '#http'
import { originOf } from './address.ts'
import { writeDurably } from './data-folder.ts'
import { demandSoundMail, isMailSettings, type MailSettings } from './mail-settings.ts'
import { ServerError } from './server-error.ts'

/** What is said once and kept in the data folder. */
export type Settings = {
  readonly url?: string
  readonly name?: string
  readonly domain?: string
  /** `own`: in this folder. `outside`: by DATABASE_URL, which holds a password and is not kept. */
  readonly database?: 'own' | 'outside'
  /** Written by hand: so many at once, so many a minute, for one address. */
  readonly limits?: Partial<Limits>
  readonly mail?: MailSettings
  /** Where the history of the public tree is pushed, as git understands it; `""`: nowhere. */
  readonly publishTo?: string
}

const FILE = 'settings.json'

export function readSettings(folder: string): Settings {
  const file = join(folder, FILE)
  if (!existsSync(file)) return {}
  let value: unknown
  try {
    value = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new ServerError('usage', `${file} is not JSON: mend it or remove it.`, { cause })
  }
  if (isSettings(value)) return value
  throw new ServerError('usage', `${file} has a setting of an unknown name or form: mend it.`)
}

/** What is said now replaces what was kept. Writes only a change. */
export function keepSettings(folder: string, said: Settings): Settings {
  const kept = readSettings(folder)
  demandSound(said)
  const settings = { ...kept, ...said }
  const text = `${JSON.stringify(settings, null, 2)}\n`
  if (text !== `${JSON.stringify(kept, null, 2)}\n`) writeDurably(join(folder, FILE), text)
  return settings
}

export function limitsOf({ limits }: Settings): Limits {
  return { ...USUAL_LIMITS, ...limits }
}

/** Throws `ServerError` usage. */
export function demandSound({ url, name, domain, mail, publishTo }: Settings): void {
  if (url !== undefined) originOf(url)
  if (name !== undefined && (name.trim() === '' || name.length > 200 || /\p{Cc}/u.test(name)))
    throw new ServerError('usage', '--name is the name of the foundation, at most 200 letters.')
  if (domain !== undefined && !isDomain(domain))
    throw new ServerError('usage', '--domain is the mail domain, like example.org.')
  if (mail !== undefined) demandSoundMail(mail)
  if (publishTo !== undefined && publishTo !== '' && !isRepository(publishTo))
    throw new ServerError(
      'usage',
      '--publish-to is a repository that git pushes to, like git@example.org:public.git, without a password in it.',
    )
}

/** `ext::` and the like would run a program; a password would stand in settings and logs. */
function isRepository(text: string): boolean {
  if (/[\p{Cc}\s]/u.test(text) || text.startsWith('-') || text.includes('::')) return false
  if (/^(?:https|ssh|file):\/\//.test(text)) return !/^https:\/\/[^/]*@/.test(text)
  return text.startsWith('/') || /^[\w.-]+@[\w.-]+:[^/]/.test(text)
}

function isDomain(text: string): boolean {
  return (
    text.length <= 253 &&
    text.split('.').every((label) => /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(label))
  )
}

const FORMS: Readonly<Record<keyof Settings, (value: unknown) => boolean>> = {
  url: isText,
  name: isText,
  domain: isText,
  database: (value) => value === 'own' || value === 'outside',
  limits: (value) => isRecord(value) && Object.entries(value).every(isLimit),
  mail: isMailSettings,
  publishTo: isText,
}

function isSettings(value: unknown): value is Settings {
  if (!isRecord(value)) return false
  return Object.entries(value).every(
    ([name, item]) => Object.hasOwn(FORMS, name) && FORMS[name as keyof Settings](item),
  )
}

function isLimit([name, value]: [string, unknown]): boolean {
  const { burst, perMinute } = isRecord(value) ? value : {}
  return LIMIT_CLASSES.some((known) => known === name) && isCount(burst) && isCount(perMinute)
}

function isCount(value: unknown): value is Limit['burst'] {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0
}

function isText(value: unknown): boolean {
  return typeof value === 'string'
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
