import type { Channel } from './channel.ts'
import { channelWords } from './difference.ts'
import type { Contact } from './policy.ts'
import type { Project } from './project.ts'

/** What a look found out. `unknown` is never “no”: nothing was seen, for whatever reason. */
const VERDICTS_OF_LOOK = [
  'dead',
  'contradicts itself',
  'expired',
  'drifted',
  'agrees',
  'unknown',
] as const
export type VerdictOfLook = (typeof VERDICTS_OF_LOOK)[number]

/** One file that says how to report, in the order in which GitHub would show it. */
export type Source = {
  readonly what: 'policy' | 'readme' | 'docs' | 'security.txt' | 'security-insights'
  /** Path in the repository, or the web address of that version. */
  readonly where: string
  /** The day of the version that was read. */
  readonly when: string
  readonly contacts: readonly Contact[]
  readonly contradictions: readonly string[]
  readonly expires: string
}

export type Finding = {
  readonly verdict: VerdictOfLook
  readonly says: string
  readonly where: string
  readonly line?: number
}

/** `verdict` is the gravest of the findings. */
export type Comparison = { readonly verdict: VerdictOfLook; readonly findings: readonly Finding[] }

export type Looked = {
  readonly sources: readonly Source[]
  /** What could not be read, in sentences: it makes nothing a no. */
  readonly unread: readonly string[]
  /** Is private reporting switched on? By the address of the repository, as GitHub answers. */
  readonly reporting: ReadonlyMap<string, 'on' | 'off' | 'unknown'>
  readonly now: number
}

/** What was found, beside what the directory says of the project. Without a project only the sources are judged. */
export function compareWith(project: Project | undefined, looked: Looked): Comparison {
  const findings = [
    ...dead(project, looked),
    ...contradictions(looked),
    ...expired(looked),
    ...drift(project, looked),
    ...looked.unread.map((says): Finding => ({ verdict: 'unknown', says, where: '' })),
  ]
  const named = looked.sources.some(({ contacts }) => contacts.length > 0)
  if (named && project !== undefined && !findings.some(({ verdict }) => verdict !== 'unknown'))
    findings.unshift({
      verdict: 'agrees',
      says: 'What was found is what the directory says.',
      where: '',
    })
  if (named && project === undefined)
    findings.push({
      verdict: 'unknown',
      says: 'The directory has no project to compare with.',
      where: '',
    })
  if (!named)
    findings.push({
      verdict: 'unknown',
      says: 'No way to report was found. There may be one.',
      where: '',
    })
  const verdict = VERDICTS_OF_LOOK.find((one) => findings.some((each) => each.verdict === one))
  return { verdict: verdict ?? 'unknown', findings }
}

function* dead(project: Project | undefined, { sources, reporting }: Looked): Generator<Finding> {
  const all = [...(project?.channels ?? []), ...sources.flatMap(({ contacts }) => contacts)]
  const seen = new Set(all.filter(({ kind }) => kind === 'github').map(({ value }) => value))
  for (const value of seen)
    if (reporting.get(reportingAt(value)) === 'off')
      yield {
        verdict: 'dead',
        says: 'GitHub says that private reporting is switched off there.',
        where: value,
      }
}

/** The repository of a way to report at GitHub, as `reporting` is asked for it. Its case means nothing there. */
export function reportingAt(value: string): string {
  return value.replace(/\/security\/advisories\/new$/, '').toLowerCase()
}

function* contradictions({ sources }: Looked): Generator<Finding> {
  for (const { where, contradictions: found } of sources)
    for (const says of found) yield { verdict: 'contradicts itself', says, where }
  const naming = sources.filter(({ contacts }) => contacts.length > 0)
  const [first] = naming
  if (first === undefined) return
  for (const other of naming.slice(1)) {
    // A page that names one more way says nothing against the policy; two that share none do.
    if (other.contacts.some((one) => first.contacts.some((two) => isOne(one, two)))) continue
    yield {
      verdict: 'contradicts itself',
      says: `${first.where} names ${words(first.contacts)}, and this ${words(other.contacts)}. The first one is what GitHub shows.`,
      where: other.where,
    }
  }
}

function* expired({ sources, now }: Looked): Generator<Finding> {
  for (const { what, where, expires } of sources)
    if (what === 'security.txt' && Number.isNaN(Date.parse(expires)))
      yield { verdict: 'expired', says: 'It does not say until when it counts.', where }
    else if (expires !== '' && Date.parse(expires) <= now)
      yield { verdict: 'expired', says: `It ended on ${expires.slice(0, 10)}.`, where }
}

function* drift(project: Project | undefined, { sources }: Looked): Generator<Finding> {
  const [first] = sources.filter(({ contacts }) => contacts.length > 0)
  if (project === undefined || first === undefined) return
  const known = project.channels.filter(({ kind }) => kind !== 'unknown' && kind !== 'members')
  for (const contact of first.contacts)
    if (!known.some((channel) => isChannel(channel, contact)))
      yield {
        verdict: 'drifted',
        says: `It names ${words([contact])}; the directory does not.`,
        where: first.where,
        line: contact.line,
      }
  // A README names what it likes; only where a policy was read does silence say something.
  if (!sources.some(({ what, contacts }) => what === 'policy' && contacts.length > 0)) return
  const all = sources.flatMap(({ contacts }) => contacts)
  for (const channel of known)
    if (!all.some((contact) => isChannel(channel, contact)) && !isThere(channel, sources))
      yield {
        verdict: 'drifted',
        says: `The directory names ${channelWords(channel)}; no source does any more.`,
        where: first.where,
      }
}

/** The security.txt that the directory names lies in the repository of its site: then it is there. */
function isThere({ kind }: Channel, sources: readonly Source[]): boolean {
  return kind === 'security.txt' && sources.some(({ what }) => what === 'security.txt')
}

function isChannel(channel: Channel, contact: Contact): boolean {
  if (channel.personal || contact.personal) return channel.personal && contact.personal
  // “In the affected repository” is one channel for a whole organisation.
  const owner = `${channel.value}/`.toLowerCase()
  const within = channel.kind === 'github' && contact.value.toLowerCase().startsWith(owner)
  if (channel.kind === contact.kind && within) return true
  return isOne(channel, contact)
}

type Named = Pick<Contact, 'kind' | 'value' | 'personal'>

function isOne(one: Named, other: Named): boolean {
  if (one.personal || other.personal) return one.personal && other.personal
  const kind = (named: Named) => (named.kind === 'pgp-mail' ? 'mail' : named.kind)
  // Tidelift has one address for all, in two spellings.
  if (one.kind === 'tidelift' && other.kind === 'tidelift') return true
  if (one.kind === 'github' && other.kind === 'github') {
    const anywhere = one.value === '' || other.value === ''
    return anywhere || reportingAt(one.value) === reportingAt(other.value)
  }
  return kind(one) === kind(other) && one.value === other.value
}

function words(contacts: readonly Contact[]): string {
  return contacts
    .map((one) => (one.personal ? `${one.kind} to a person` : channelWords(one)))
    .join(', ')
}
