import { DAY } from '#lexicon'
import { type Finding, type FindingCode, finding } from './finding.ts'
import { renewalAlarm } from './renewal-alarm.ts'
import { type Field, readSecurityTxt, type SecurityTxt, valuesOf } from './read-security-txt.ts'

/** What is known beside the bytes. */
export type Circumstances = {
  /** Milliseconds. */
  readonly now: number
  /** The addresses that led to it: the first was asked for, the last answered. Empty for a file. */
  readonly from?: readonly string[]
  /** What the server called it; absent for a file. */
  readonly contentType?: string | null
  /** The right place had none: it was found at `/security.txt`. */
  readonly fellBack?: boolean
}

export type Checked = SecurityTxt & {
  /** No error in it. */
  readonly valid: boolean
}

/** Every rule of RFC 9116, and what serves a reader besides. The findings come in the order of the lines. */
export function checkSecurityTxt(bytes: Uint8Array, about: Circumstances): Checked {
  const read = readSecurityTxt(bytes)
  const readable = !read.findings.some(({ code }) => code === 'too_large' || code === 'utf8')
  const findings = [
    ...served(about),
    ...read.findings,
    ...(readable ? [...ofFields(read, about.now), ...ofWhole(read, about)] : []),
  ].toSorted((a, b) => a.line - b.line)
  return { ...read, findings, valid: findings.every(({ level }) => level !== 'error') }
}

/** The moment of an Expires (RFC 3339, 5.6), in milliseconds; `undefined` for anything else. */
export function momentOf(value: string): number | undefined {
  const [, date = '', seconds = ''] = DATE_TIME.exec(value) ?? []
  if (date === '') return undefined
  const upper = value.toUpperCase()
  const at = Date.parse(seconds === '' ? upper.replace(/T\d\d:\d\d/, '$&:00') : upper)
  const day = Date.parse(`${date}T00:00:00Z`)
  // The 30th of February would be another day elsewhere.
  const exists = !Number.isNaN(day) && new Date(day).toISOString().startsWith(date)
  return Number.isNaN(at) || !exists ? undefined : at
}

const DATE_TIME =
  /^(\d{4}-\d\d-\d\d)T(?:[01]\d|2[0-3]):[0-5]\d(:[0-5]\d(?:\.\d+)?)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i

const KNOWN = [
  'acknowledgments',
  'canonical',
  'contact',
  'csaf',
  'encryption',
  'expires',
  'hiring',
  'policy',
  'preferred-languages',
]

/** RFC 9116, 3 and 6.2. */
function served({ from = [], contentType, fellBack }: Circumstances): Finding[] {
  const found: FindingCode[] = []
  const [asked, last] = [from[0], from.at(-1)]
  if (asked !== undefined && last !== undefined) {
    if (from.some((url) => !url.startsWith('https:'))) found.push('invalid_uri_scheme')
    const { pathname } = new URL(asked)
    if (pathname === '/security.txt' && fellBack !== true) found.push('legacy_location')
    else if (pathname !== '/.well-known/security.txt') found.push('location')
    if (new URL(asked).host !== new URL(last).host) found.push('redirected_away')
  }
  if (contentType === null) found.push('no_content_type')
  else if (contentType !== undefined) {
    const [media = '', ...parameters] = contentType.toLowerCase().split(';')
    if (media.trim() !== 'text/plain') found.push('invalid_media')
    const charset = parameters.map((each) => each.trim()).find((each) => each.startsWith('charset'))
    if (charset !== undefined && !/^charset="?utf-8"?$/.test(charset)) found.push('invalid_charset')
  }
  return found.map((code) => finding(code, 0))
}

function ofFields({ fields }: SecurityTxt, now: number): Finding[] {
  return fields.flatMap((field) =>
    field.value === '' ? [] : codesOf(field, now).map((code) => finding(code, field.line)),
  )
}

function codesOf({ name, value }: Field, now: number): FindingCode[] {
  if (/\{\{|\$\{|<%|%\(/.test(value)) return ['template']
  if (name === 'expires') return ofExpiry(value, now)
  if (name === 'preferred-languages') return areLanguages(value) ? [] : ['invalid_lang']
  if (!KNOWN.includes(name)) return ['unknown_field']
  const scheme = /^([a-z][a-z0-9+.-]*):./i.exec(value)?.[1]?.toLowerCase()
  if (scheme === undefined || /\s/.test(value)) return ['no_uri']
  if (scheme === 'http') return ['no_https']
  if (scheme === 'https' && !URL.canParse(value)) return ['no_uri']
  if (scheme === 'mailto' && !/^mailto:[^@\s]+@[^@\s]+$/i.test(value)) return ['no_uri']
  if (name === 'contact' && !['https', 'mailto', 'tel'].includes(scheme)) return ['unusual_contact']
  if (name === 'csaf' && !new URL(value).pathname.endsWith('/provider-metadata.json'))
    return ['no_csaf_file']
  return []
}

function ofExpiry(value: string, now: number): FindingCode[] {
  const at = momentOf(value)
  if (at === undefined) return ['invalid_expiry']
  const form: FindingCode[] = /T\d\d:\d\d:/i.test(value) ? [] : ['expiry_without_seconds']
  if (at <= now) return [...form, 'expired']
  if (at > now + 366 * DAY) return [...form, 'long_expiry']
  return renewalAlarm(at, now) === undefined ? form : [...form, 'expires_soon']
}

function areLanguages(value: string): boolean {
  return value.split(',').every((part) => {
    const tag = part.trim()
    if (!/^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/.test(tag)) return false
    try {
      return Intl.getCanonicalLocales(tag).length === 1
    } catch {
      return false
    }
  })
}

function ofWhole(read: SecurityTxt, { from = [] }: Circumstances): Finding[] {
  const found: FindingCode[] = []
  const count = (name: string) => valuesOf(read, name).length
  if (count('contact') === 0) found.push('no_contact')
  if (count('expires') === 0) found.push('no_expire')
  if (count('expires') > 1) found.push('multi_expire')
  if (count('preferred-languages') > 1) found.push('multi_lang')
  if (count('csaf') > 1) found.push('multiple_csaf_fields')
  const mails = valuesOf(read, 'contact').some((value) => /^mailto:/i.test(value))
  if (mails && count('encryption') === 0) found.push('no_encryption')
  const canonical = valuesOf(read, 'canonical')
  const asked = from.map(normal)
  if (
    canonical.length > 0 &&
    asked.length > 0 &&
    !canonical.some((url) => asked.includes(normal(url)))
  )
    found.push('no_canonical_match')
  if (!read.signed) found.push('not_signed')
  else if (canonical.length === 0) found.push('no_canonical')
  return found.map((code) => finding(code, 0))
}

function normal(url: string): string {
  return URL.canParse(url) ? new URL(url).href : url
}
