import { bytesOfText, type Bytes, isProject, textOfBytes } from '#lexicon'
import { CHANNEL_KINDS, channel, type Channel, type ChannelKind, faultOfValue } from './channel.ts'
import { DirectoryError, formError } from './directory-error.ts'
import type { Fault } from './fault.ts'
import { also, exactly, line, list, member, oneOf, record, set } from './form.ts'
import { faultOfPackageUrl } from './package-url.ts'
import { faultOfDate, plain } from './plain-words.ts'
import { faultOfWebAddress } from './web-address.ts'

export const PROJECT_STATUSES = ['sponsored', 'affiliated', 'former', 'other'] as const
export type ProjectStatus = (typeof PROJECT_STATUSES)[number]

/** What another source says of the project’s channel. It is shown beside ours and never overwrites it. */
export type Said = {
  readonly where: string
  readonly when: string
  readonly kind: ChannelKind
  readonly value: string
  /** Why it differs from our channels, in our words; empty where it agrees. */
  readonly differs: string
}

export type Project = {
  readonly id: string
  readonly name: string
  readonly status: ProjectStatus
  readonly homepage: string
  readonly repositories: readonly string[]
  readonly packages: readonly string[]
  readonly imports: readonly string[]
  readonly languages: readonly string[]
  /** The id of the project that this one is a part of, or empty. */
  readonly umbrella: string
  readonly channels: readonly Channel[]
  readonly says: readonly Said[]
}

const said = also(
  record<Said>('what another source says', {
    where: member(line(500, (text) => (text === '' ? 'Say who says it.' : plain(text)))),
    when: member(line(10, faultOfDate)),
    kind: member(oneOf(CHANNEL_KINDS)),
    value: member(line(500), ''),
    differs: member(line(500, plain), ''),
  }),
  // A source may name a kind without an address: “they use Tidelift”.
  ({ kind, value }): Fault[] => {
    const wrong = value === '' ? undefined : faultOfValue(kind, value)
    return wrong === undefined ? [] : [{ at: ['value'], says: wrong }]
  },
)

/** A project as it stands in a file: what is empty may be left out. */
export const project = also(
  record<Project>('a project', {
    id: member(line(63, faultOfId)),
    name: member(line(100, (text) => (text === '' ? 'Every project has a name.' : plain(text)))),
    status: member(oneOf(PROJECT_STATUSES)),
    homepage: member(line(500, faultOfHomepage), ''),
    repositories: member(set('repositories', line(500, faultOfWebAddress), 200), []),
    packages: member(set('packages', line(300, faultOfPackageUrl), 200), []),
    imports: member(set('imports', line(100, faultOfImport), 200), []),
    languages: member(
      set(
        'languages',
        line(60, (text) => wordsOrNone(text)),
        30,
      ),
      [],
    ),
    umbrella: member(
      line(63, (text) => (text === '' ? undefined : faultOfId(text))),
      '',
    ),
    channels: member(list('channels', channel, 20)),
    says: member(list('words of other sources', said, 20), []),
  }),
  (read) => [...faultsOf(read)],
)

/** The one spelling of a project: canonical JSON (RFC 8785). Its hash stands in the signed index. */
export function projectBytes(read: Project): Bytes {
  return bytesOfText(canonical({ ...read, v: 1 }))
}

/** Reads the bytes of a project document. Throws `DirectoryError`: form, or another spelling than ours. */
export function projectOf(bytes: Uint8Array): Project {
  const value = jsonOf(bytes)
  const faults: Fault[] = []
  const read = document(value, [], faults)
  if (read === undefined) throw formError('This document of a project', faults)
  const { v: _, ...found } = read
  const text = textOfBytes(bytes)
  if (canonical({ ...found, v: 1 }) !== text)
    throw new DirectoryError(
      'not-canonical',
      'This document of a project is not in canonical form.',
    )
  return found
}

/** Canonical JSON of plain values that hold texts, truths and whole numbers only. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

export function jsonOf(bytes: Uint8Array): unknown {
  if (bytes.length > LARGEST_PROJECT)
    throw new DirectoryError('too-large', 'This document is too large for one of a directory.')
  try {
    return JSON.parse(textOfBytes(bytes))
  } catch {
    throw new DirectoryError('not-canonical', 'This document is not JSON.')
  }
}

const LARGEST_PROJECT = 1024 * 1024

const document: (value: unknown, at: [], faults: Fault[]) => (Project & { v: 1 }) | undefined = (
  value,
  at,
  faults,
) => {
  if (typeof value !== 'object' || value === null || !('v' in value)) {
    faults.push({ at: ['v'], says: 'This is missing.' })
    return undefined
  }
  const { v, ...rest } = value
  const version = exactly(1)(v, ['v'], faults)
  const read = project(rest, at, faults)
  return read === undefined || version === undefined ? undefined : { ...read, v: version }
}

function* faultsOf(read: Project): Generator<Fault> {
  if (read.channels.length === 0)
    yield { at: ['channels'], says: 'Name a channel, or one of the kind unknown.' }
  const unknown = read.channels.findIndex(({ kind }) => kind === 'unknown')
  if (unknown >= 0 && read.channels.length > 1)
    yield {
      at: ['channels', unknown],
      says: 'Unknown stands alone: other channels are known here.',
    }
  const twice = read.channels.findIndex((one, n) =>
    read.channels.slice(0, n).some((other) => other.kind === one.kind && other.value === one.value),
  )
  if (twice >= 0) yield { at: ['channels', twice], says: 'This channel stands here twice.' }
  if (read.umbrella === read.id)
    yield { at: ['umbrella'], says: 'A project is not a part of itself.' }
}

function faultOfId(text: string): string | undefined {
  return isProject(text)
    ? undefined
    : 'An id has small letters, digits and hyphens, and begins with a letter or digit.'
}

function faultOfHomepage(text: string): string | undefined {
  return text === '' ? undefined : faultOfWebAddress(text)
}

function faultOfImport(text: string): string | undefined {
  return /^[^\s"'<>@]+$/.test(text)
    ? undefined
    : 'Here stands the name of an import, such as numpy.'
}

function wordsOrNone(text: string): string | undefined {
  return text === '' ? 'Here stands the name of a language.' : plain(text)
}
