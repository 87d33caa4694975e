/** What a document may be released under (SPDX). A closed list: each page says in words what its own means. */
export const LICENCES = ['CC-BY-4.0', 'CC0-1.0', 'BSD-3-Clause'] as const
export type Licence = (typeof LICENCES)[number]

export function isLicence(text: string): text is Licence {
  return (LICENCES as readonly string[]).includes(text)
}

/** The longest place of a document in the public tree, in characters. */
const LONGEST = 512
const SEGMENT = /^[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_-])?$/

/**
 * A place in the public tree: `guides/reporters.md`. Lower case, so that no two places are one on a disk that
 * does not tell them apart; no segment begins with a dot (`.git`), but for `.well-known` at the top.
 */
export function isPublicPath(path: string): boolean {
  if (path.length > LONGEST || path.includes('..')) return false
  const segments = path.split('/')
  const inside = segments[0] === '.well-known' ? segments.slice(1) : segments
  return inside.length > 0 && inside.every((segment) => SEGMENT.test(segment))
}

/**
 * How to reach the desk: these count when one coordinator releases them (docs/formats/release.md). A closed list,
 * for desk chains only. A longer list would let one person publish what two must have read.
 */
export function isContactFact(path: string): boolean {
  return (
    path === '.well-known/security.txt' ||
    path === 'directory/index.json' ||
    /^keys\/[a-z0-9][a-z0-9-]{0,62}\.asc$/.test(path)
  )
}

/**
 * Is there a release of its own for this path? A project has none: the index releases it. Else one path would be
 * released in two ways, and each could stop the other.
 */
export function isReleasePath(path: string): boolean {
  const kind = documentKind(path)
  return kind !== undefined && kind !== 'project'
}

/** What a document of this path must be; undefined: nothing is published there. */
export type DocumentKind = 'security.txt' | 'index' | 'project' | 'key' | 'markdown'

/** A closed list: each kind has its own check before it is published. */
export function documentKind(path: string): DocumentKind | undefined {
  if (path === '.well-known/security.txt') return 'security.txt'
  if (path === 'directory/index.json') return 'index'
  if (isContactFact(path)) return 'key'
  if (/^projects\/[a-z0-9][a-z0-9-]{0,62}\.json$/.test(path)) return 'project'
  return /^(?:pages|guides)\/[a-z0-9][a-z0-9-]{0,62}\.md$/.test(path) ? 'markdown' : undefined
}
