import { faultOfAddress } from './address.ts'
import type { Fault } from './fault.ts'
import { also, line, list, member, oneOf, record, truth } from './form.ts'
import { faultOfDate, plain } from './plain-words.ts'
import { faultOfSecureAddress, faultOfWebAddress } from './web-address.ts'

/** How a project takes reports. The first of a project's channels is the one to use first. */
export const CHANNEL_KINDS = [
  'members',
  'pgp-mail',
  'mail',
  'tidelift',
  'github',
  'form',
  'security.txt',
  'chat',
  'tracker',
  'unknown',
] as const
export type ChannelKind = (typeof CHANNEL_KINDS)[number]

/** Where something was read, on which day, and what it said, in our words. */
export type Evidence = { readonly where: string; readonly when: string; readonly says: string }

export type Channel = {
  readonly kind: ChannelKind
  /** An address or a web address, as the kind asks; empty for `members` and `unknown`. */
  readonly value: string
  /** The fingerprint of the OpenPGP key of a `pgp-mail`, and where it lies. */
  readonly key: string
  readonly key_at: string
  /** The address of one person, who agreed on the day and in the way that `consent` says. */
  readonly personal: boolean
  readonly consent: string
  readonly evidence: readonly Evidence[]
  /** The day on which somebody last saw that it works, and the day of the next look. */
  readonly verified: string
  readonly next: string
}

/** What a channel of this kind may name; a fault in a sentence. Also for what others say of a project. */
export function faultOfValue(kind: ChannelKind, value: string): string | undefined {
  switch (kind) {
    case 'members':
    case 'unknown':
      return value === '' ? undefined : `A channel of the kind ${kind} has no value.`
    case 'mail':
    case 'pgp-mail':
      return faultOfAddress(value)
    case 'github':
      return faultOfGithub(value)
    case 'chat':
      if (value === '') return undefined
      return value.includes('@') ? faultOfAddress(value) : faultOfSecureAddress(value)
    case 'tidelift':
    case 'form':
    case 'security.txt':
    case 'tracker':
      return faultOfSecureAddress(value)
  }
}

const evidence = record<Evidence>('evidence', {
  where: member(line(500, faultOfWhere)),
  when: member(line(10, faultOfDate)),
  says: member(line(300, plain), ''),
})

const written = record<Channel>('a channel', {
  kind: member(oneOf(CHANNEL_KINDS)),
  value: member(line(500), ''),
  key: member(line(64, faultOfFingerprint), ''),
  key_at: member(
    line(500, (text) => (text === '' ? undefined : faultOfSecureAddress(text))),
    '',
  ),
  personal: member(truth, false),
  consent: member(line(200, plain), ''),
  evidence: member(list('pieces of evidence', evidence, 20), []),
  verified: member(line(10, faultOfDateOrNone), ''),
  next: member(line(10, faultOfDateOrNone), ''),
})

export const channel = also(written, (read) => [...faultsOf(read)])

function* faultsOf(read: Channel): Generator<Fault> {
  const wrong = faultOfValue(read.kind, read.value)
  if (wrong !== undefined) yield { at: ['value'], says: wrong }
  const claims = read.kind !== 'unknown' && read.kind !== 'members'
  if (claims && read.evidence.length === 0)
    yield { at: ['evidence'], says: 'Say where this was read, and when.' }
  if (read.kind === 'pgp-mail' && read.key === '')
    yield { at: ['key'], says: 'Mail sealed with OpenPGP needs the fingerprint of the key.' }
  if (read.kind !== 'pgp-mail' && read.kind !== 'mail' && (read.key !== '' || read.key_at !== ''))
    yield { at: ['key'], says: 'Only a mail address has a key.' }
  // Nobody's address is kept because it stood somewhere: the person has to agree.
  if (read.personal && read.consent === '')
    yield {
      at: ['consent'],
      says: 'A person’s address stands here only when they agreed: say when and how, or make the channel unknown.',
    }
  if (!read.personal && read.consent !== '')
    yield { at: ['personal'], says: 'Only a person agrees: write personal: true.' }
}

function faultOfGithub(value: string): string | undefined {
  const wrong = faultOfSecureAddress(value)
  if (wrong !== undefined) return wrong
  return new URL(value).hostname === 'github.com'
    ? undefined
    : 'Here stands an address at github.com.'
}

function faultOfFingerprint(text: string): string | undefined {
  const good = text === '' || /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(text)
  return good
    ? undefined
    : 'A fingerprint has 40 or 64 hex digits in small letters, without spaces.'
}

/** A web address, or words such as “README of the project”. */
function faultOfWhere(text: string): string | undefined {
  if (text === '') return 'Say where this was read.'
  return /^https?:/.test(text) ? faultOfWebAddress(text) : plain(text)
}

function faultOfDateOrNone(text: string): string | undefined {
  return text === '' ? undefined : faultOfDate(text)
}
