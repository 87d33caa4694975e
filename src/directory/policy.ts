import { addressesIn, faultOfAddress, isRoleAddress } from './address.ts'
import type { ChannelKind } from './channel.ts'
import { slipsBetween } from './distance.ts'

/** One way to report that a text names, and the line on which it does. What the text says is its author’s claim. */
export type Contact = {
  readonly kind: ChannelKind
  /** Empty for the address of a person, which is counted and never copied, and for “the affected repository”. */
  readonly value: string
  readonly personal: boolean
  readonly line: number
  /** The address follows from the repository; the text only says “report privately at GitHub”. */
  readonly derived: boolean
}

export type Policy = {
  readonly contacts: readonly Contact[]
  /** What in the text speaks against itself, in sentences. */
  readonly contradictions: readonly string[]
}

export type About = {
  /** `github.com/owner/name`, where known. */
  readonly repository?: string | undefined
  /** Names of the project: an address that begins with one of them is no person’s. */
  readonly names?: readonly string[]
  /** Only what stands in a section or on a line about security counts: for a README and other pages. */
  readonly only?: 'security'
}

/** More is no policy. Later lines are not read. */
const MOST_LINES = 5000
const MOST_LETTERS = 2000

/** What a SECURITY.md, a README or a page of documentation says about reporting, in Markdown, reST or plain text. */
export function readPolicy(text: string, about: About = {}): Policy {
  const contacts: Contact[] = []
  const hosts = new Map<string, number>()
  const section = sections(about.only)
  const lines = text.split(/\r\n|\r|\n/).slice(0, MOST_LINES)
  for (const [n, raw] of lines.entries()) {
    const words = raw.slice(0, MOST_LETTERS)
    if (!section(words, lines[n + 1] ?? '')) continue
    const plain = unhidden(words)
    for (const found of contactsOn(plain, about))
      if (!contacts.some((one) => isSame(one, found))) contacts.push({ ...found, line: n + 1 })
    for (const host of hostsOn(plain)) if (!hosts.has(host)) hosts.set(host, n + 1)
  }
  return { contacts: withKeys(contacts, lines), contradictions: nearHosts(hosts) }
}

type OnLine = Omit<Contact, 'line'>

function* contactsOn(words: string, about: About): Generator<OnLine> {
  const urls = [...words.matchAll(URLS)].map(([url]) => url.replace(/[.,;:!?'"*_]+$/, ''))
  const denied = DENIED.test(words)
  for (const url of urls) {
    const found = contactAt(url, { denied, asks: ASKS.test(words) })
    if (found !== undefined) yield { ...found, personal: false, derived: false }
  }
  for (const address of addressesIn(words.replace(URLS, ' '))) {
    // “Do not write to …” names no channel.
    if (denied || faultOfAddress(lowerHost(address)) !== undefined) continue
    const value = lowerHost(address)
    const chat = value.endsWith('.zulipchat.com')
    const personal = !chat && !isRoleAddress(value, about.names)
    const kind = chat ? 'chat' : 'mail'
    yield { kind, value: personal ? '' : value, personal, derived: false }
  }
  const direct = urls.some(
    (url) => contactAt(url, { denied: false, asks: true })?.kind === 'github',
  )
  if (direct || denied || !PRIVATE.test(words)) return
  const own = /^github\.com\/[^/]+\/[^/]+$/.test(about.repository ?? '')
  const value = own ? `https://${about.repository}/security/advisories/new` : ''
  yield { kind: 'github', value, personal: false, derived: true }
}

/** `denied`: the line says what not to do. `asks`: it asks for reports, and tells of none that were published. */
function contactAt(
  url: string,
  { denied, asks }: { readonly denied: boolean; readonly asks: boolean },
): { kind: ChannelKind; value: string } | undefined {
  const whole = url.replace(/^http:/, 'https:')
  if (!URL.canParse(whole)) return undefined
  const { hostname, pathname, href } = new URL(whole)
  const host = hostname.replace(/^www\./, '')
  if (host === 'tidelift.com' && /^\/(docs\/)?security\/?$/.test(pathname))
    return { kind: 'tidelift', value: `https://tidelift.com${pathname.replace(/\/$/, '')}` }
  if (host === 'github.com') {
    const repository = /^\/[^/]+\/[^/]+(?=\/security\/advisories(\/new)?\/?$)/.exec(pathname)?.[0]
    // Without /new it is also where advisories are published.
    if (repository !== undefined && (asks || /\/new\/?$/.test(pathname)))
      return { kind: 'github', value: `https://github.com${repository}/security/advisories/new` }
  }
  if (host === 'github.com' && /^\/[^/]+\/[^/]+\/security\/policy\/?$/.test(pathname))
    return { kind: 'form', value: `https://github.com${pathname.replace(/\/$/, '')}` }
  if (pathname.endsWith('/security.txt')) return { kind: 'security.txt', value: href }
  if (denied) return undefined
  const tracker =
    /^(github\.com|gitlab\.com|codeberg\.org)$/.test(host) && /\/issues(\/new)?\/?$/.test(pathname)
  if (tracker) return { kind: 'tracker', value: href }
  if (FORMS.test(host + pathname)) return { kind: 'form', value: href }
  if (asks && CHATS.test(host)) return { kind: 'chat', value: href }
  return undefined
}

/** Is this line about security? Always, where the whole text is. */
function sections(only: About['only']): (words: string, next: string) => boolean {
  if (only === undefined) return () => true
  let inside = 0
  return (words, next) => {
    const level = headingLevel(words, next)
    if (level > 0 && SECURITY.test(words)) inside = inside === 0 ? level : Math.min(inside, level)
    else if (level > 0 && level <= inside) inside = 0
    return inside > 0 || /vulnerabilit|security (issue|bug|problem|report)/i.test(words)
  }
}

function headingLevel(words: string, next: string): number {
  const marks = /^(#{1,6})\s/.exec(words)?.[1]
  if (marks !== undefined) return marks.length
  const under = /^([=\-~^"*+#])\1{2,}\s*$/.exec(next)?.[1]
  if (under === undefined || words.trim() === '') return 0
  return under === '=' ? 1 : 2
}

/** Addresses that are written so that machines miss them, in the usual ways. */
function unhidden(words: string): string {
  return words
    .replace(/&#(64|x40);/gi, '@')
    .replace(/\s?[[({<]\s?at\s?[\])}>]\s?/gi, '@')
    .replace(/\s?[[({<]\s?dot\s?[\])}>]\s?/gi, '.')
}

function* hostsOn(words: string): Generator<string> {
  for (const [url] of words.matchAll(URLS)) if (URL.canParse(url)) yield new URL(url).hostname
  for (const address of addressesIn(words)) yield lowerHost(address).split('@')[1] ?? ''
}

/** Two hosts a letter apart in one policy: one of them is a slip, and nobody knows which. */
function nearHosts(hosts: ReadonlyMap<string, number>): readonly string[] {
  const all = [...hosts].slice(0, 200)
  return all.flatMap(([one, line], n) =>
    all
      .slice(0, n)
      .filter(([other]) => one.length > 8 && slipsBetween(one, other, 1) === 1)
      .map(
        ([other, before]) =>
          `It names ${other} (line ${before}) and ${one} (line ${line}), a letter apart.`,
      ),
  )
}

/** A fingerprint in the text belongs to its one address. */
function withKeys(contacts: readonly Contact[], lines: readonly string[]): readonly Contact[] {
  const mails = contacts.filter(({ kind, personal }) => kind === 'mail' && !personal)
  const fingerprints = lines.filter((words) => FINGERPRINT.test(words.slice(0, MOST_LETTERS)))
  if (mails.length !== 1 || fingerprints.length !== 1) return contacts
  return contacts.map((one) => (one === mails[0] ? { ...one, kind: 'pgp-mail' } : one))
}

function isSame(one: OnLine, other: OnLine): boolean {
  return one.kind === other.kind && one.value === other.value && one.personal === other.personal
}

function lowerHost(address: string): string {
  const at = address.lastIndexOf('@')
  return address.slice(0, at) + address.slice(at).toLowerCase()
}

const URLS = /https?:\/\/[^\s<>()[\]"'`|\\]{1,500}/g
const SECURITY = /secur|vulnerab/i
const PRIVATE =
  /private(ly)?[ -](security |vulnerability |reporting)|["'“‘*`]report a vulnerability|github security advisory|\bGHSA\b(?!-)|docs\.github\.com\/[^\s]*privately-reporting/i
const ASKS =
  /^(?!.*\b(publish|announce|past|previous|known)).*\b(report|submit|send|tell|contact|reach|private|disclos|click)/is
const DENIED =
  /\b(do not|don['’]t|never|avoid|please refrain|rather than|instead of|not (be )?report)/i
const FORMS =
  /^(hackerone\.com|bugcrowd\.com|huntr\.(dev|com)|forms\.gle)\/|^docs\.google\.com\/forms\//
const CHATS = /(^|\.)(zulipchat\.com|gitter\.im|discord\.(gg|com)|slack\.com|matrix\.to)$/
const FINGERPRINT = /\b(?:[0-9A-F]{4}\s*){10}\b/i
