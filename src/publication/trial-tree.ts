import { type Channel, type ChannelKind, type Project, projectBytes } from '#directory'
import { bytesOfText } from '#lexicon'
import type { Released, Site } from './tree.ts'

/*
 * For tests: a site of nobody, and as many projects and documents as a test wants. Every kind of channel comes up.
 */

export const TRIAL_SITE: Site = {
  name: 'Example Foundation',
  domain: 'example.org',
  url: 'https://security.example.org',
  desk: 'ab'.repeat(32),
  words: 'abandon ability able about above absent absorb abstract absurd abuse access accident',
  fingerprints: { 'keys/security.asc': '0123456789abcdef'.repeat(3).slice(0, 40) },
}

const RELEASE = 'cd'.repeat(32)
const AT = '2026-11-20T10:00:00Z'

export function trialDocument(path: string, text: string, at = AT): Released {
  return { path, bytes: bytesOfText(text), licence: 'CC-BY-4.0', at, release: RELEASE }
}

const KINDS = [
  ['tidelift', 'https://tidelift.com/security'],
  ['github', 'https://github.com/example/arrays/security/advisories/new'],
  ['mail', 'security@example.org'],
  ['unknown', ''],
  ['pgp-mail', 'security@example.org'],
  ['form', 'https://example.org/report'],
  ['members', ''],
  ['security.txt', 'https://example.org/.well-known/security.txt'],
  ['chat', 'https://chat.example.org/'],
  ['tracker', 'https://github.com/example/arrays/issues'],
] as const

/** One project; which channels it has follows from its number. */
export function trialProject(n: number, more: Partial<Project> = {}): Released {
  const project = aProject(n, more)
  return { ...trialDocument(`projects/${project.id}.json`, ''), bytes: projectBytes(project) }
}

export function aProject(n: number, more: Partial<Project> = {}): Project {
  const id = `${String.fromCharCode(97 + (n % 26))}-project-${n}`
  const name = `${id[0]?.toUpperCase() ?? ''} project ${n}`
  const kinds = [KINDS[n % KINDS.length], KINDS[(n + 1) % KINDS.length]]
  const single = kinds[0]?.[0] === 'unknown' || n % 3 === 0
  const channels = kinds
    .slice(0, single ? 1 : 2)
    .flatMap((kind) =>
      kind === undefined || (kind[0] === 'unknown' && !single) ? [] : [channelOf(kind[0], kind[1])],
    )
  return {
    channels,
    homepage: `https://${id}.example.org/`,
    id,
    imports: [id.replaceAll('-', '_')],
    languages: ['Python', 'C'],
    name,
    packages: [`pkg:pypi/${id}`],
    repositories: [`https://github.com/example/${id}`],
    says: n % 5 === 0 ? [SAYS] : [],
    status: n % 2 === 0 ? 'sponsored' : 'affiliated',
    umbrella: '',
    ...more,
  }
}

const SAYS: Project['says'][number] = {
  differs: 'The project moved to a form since.',
  kind: 'mail',
  value: 'security@example.org',
  when: '2026-06-01',
  where: 'https://example.org/charter',
}

function channelOf(kind: ChannelKind, value: string): Channel {
  return {
    consent: '',
    evidence: [
      { says: 'line 3', when: '2026-11-18', where: 'https://github.com/example/a/SECURITY.md' },
    ],
    key: kind === 'pgp-mail' ? 'ab'.repeat(20) : '',
    key_at: '',
    kind,
    next: '2026-12-02',
    personal: false,
    value,
    verified: '2026-11-18',
  }
}

/** A guide of about the length of a real one. */
export function trialGuide(n: number): Released {
  const part = (k: number) =>
    `## Part ${k}\n\nSome **words** about case ${n}, see [the directory](/directory/) and \`code\`.\n\n- one\n- two\n\n> quoted\n`
  const text = `# Guide ${n}\n\nWhat guide ${n} is about.\n\n${[1, 2, 3].map(part).join('\n')}`
  return trialDocument(`guides/guide-${n}.md`, text)
}

export const TRIAL_SECURITY_TXT = trialDocument(
  '.well-known/security.txt',
  'Contact: https://security.example.org/report\nContact: mailto:security@example.org\nExpires: 2027-05-01T00:00:00Z\n',
)
