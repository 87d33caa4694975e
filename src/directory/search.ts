import { bitsBetween, lettersOf, slipsBetween } from './distance.ts'
import { readPackageUrl } from './package-url.ts'
import { type Project, PROJECT_STATUSES } from './project.ts'
import { repositoryName } from './web-address.ts'

export const FOUND_BY = ['name', 'package', 'import', 'repository', 'homepage'] as const
export type FoundBy = (typeof FOUND_BY)[number]

/** A project that fits, what of it fits, and whether it is what was asked for, to the letter. */
export type Found = { readonly project: Project; readonly by: FoundBy; readonly exact: boolean }

/** A directory prepared for searching. Making it costs a moment; asking it costs none. */
export type Search = {
  readonly projects: readonly Project[]
  readonly keys: readonly Key[]
  readonly letters: Int32Array
  /** Package URLs, repositories and hosts, as they are written one way only. */
  readonly names: ReadonlyMap<string, readonly Named[]>
}

type Named = { readonly project: number; readonly by: FoundBy }
type Key = Named & {
  readonly word: string
  /** The whole of a name; not one word of several. */
  readonly whole: boolean
}
type Hit = Named & { readonly rank: number }

/** What is asked is a name or an address, and no text. */
const LONGEST = 200
const MOST_WORDS = 8
/** Ranks: what fits to the letter comes first, then beginnings, then slips, then what stands inside. */
const RANK = {
  exact: 0,
  word: 1,
  start: 2,
  wordStart: 3,
  slip: 4,
  wordSlip: 6,
  inside: 8,
  none: 99,
}

export function createSearch(projects: readonly Project[]): Search {
  const keys: Key[] = []
  const names = new Map<string, Named[]>()
  for (const [n, project] of projects.entries()) {
    for (const key of keysOf(project)) keys.push({ ...key, project: n })
    for (const [name, by] of namesOf(project)) {
      const found = names.get(name)
      if (found === undefined) names.set(name, [{ project: n, by }])
      else found.push({ project: n, by })
    }
  }
  return { projects, keys, letters: Int32Array.from(keys, ({ word }) => lettersOf(word)), names }
}

/** Projects by name, id, package URL, name of an import, or address of a repository; the best one first. */
export function findProjects(search: Search, words: string, most = 20): readonly Found[] {
  const asked = words.trim().slice(0, LONGEST)
  const hits = new Map<number, Hit>()
  const note = (hit: Hit) => {
    const known = hits.get(hit.project)
    if (known === undefined || hit.rank < known.rank) hits.set(hit.project, hit)
  }
  for (const name of exactNames(asked))
    for (const named of search.names.get(name) ?? []) note({ ...named, rank: RANK.exact })
  const owner = hits.size === 0 ? ownerOf(asked) : undefined
  if (owner !== undefined)
    for (const named of search.names.get(`owner ${owner}`) ?? [])
      note({ ...named, rank: RANK.word })
  if (hits.size === 0) for (const hit of hitsOf(search, wordsOf(asked))) note(hit)
  return [...hits.values()]
    .sort((a, b) => a.rank - b.rank || byStanding(search, a, b))
    .slice(0, most)
    .map(({ project, by, rank }) => ({ project, by, exact: rank === RANK.exact }))
    .flatMap(({ project: n, ...how }) => {
      const project = search.projects[n]
      return project === undefined ? [] : [{ project, ...how }]
    })
}

function* keysOf(project: Project): Generator<Omit<Key, 'project'>> {
  const wholes = new Map<string, FoundBy>()
  const add = (text: string, by: FoundBy) => {
    const word = lettersAndDigits(text)
    if (word !== '' && !wholes.has(word)) wholes.set(word, by)
  }
  add(project.name, 'name')
  add(project.id, 'name')
  for (const name of project.imports) add(name, 'import')
  for (const text of project.packages) add(readPackageUrl(text)?.name ?? '', 'package')
  for (const text of project.repositories) add(text.split('/').at(-1) ?? '', 'repository')
  for (const [word, by] of wholes) yield { word, by, whole: true }
  for (const word of new Set(splitWords(project.name)))
    if (!wholes.has(word)) yield { word, by: 'name', whole: false }
}

function* namesOf(project: Project): Generator<readonly [string, FoundBy]> {
  for (const text of project.packages) {
    const read = readPackageUrl(text)
    if (read !== undefined) yield [read.bare, 'package']
  }
  for (const text of project.repositories) {
    const name = repositoryName(text)
    if (name === undefined) continue
    yield [name, 'repository']
    const owner = OWNER.exec(name)?.[0]
    if (owner !== undefined && owner !== name) yield [`owner ${owner}`, 'repository']
  }
  if (project.homepage !== '') yield [pageName(project.homepage), 'homepage']
}

/** Other spellings of what was asked that name one thing: a package, a repository and what holds it, a page. */
function* exactNames(asked: string): Generator<string> {
  const read = readPackageUrl(asked)
  if (read !== undefined) {
    yield read.bare
    if (read.type === 'github') yield* upwards(`github.com/${read.namespace}/${read.name}`)
    if (read.type === 'gitlab') yield* upwards(`gitlab.com/${read.namespace}/${read.name}`)
    if (read.type === 'golang') yield* upwards(`${read.namespace}/${read.name}`)
    return
  }
  if (/\s/.test(asked) || !/[./:]/.test(asked)) return
  const repository = repositoryName(asked)
  if (repository !== undefined) yield* upwards(repository)
  if (/^https?:\/\/|^[\w-]+(\.[\w-]+)+/.test(asked)) yield pageName(asked)
}

/** Another repository of the same owner: most likely of the same project, and never exactly it. */
function ownerOf(asked: string): string | undefined {
  return [...exactNames(asked)]
    .map((name) => OWNER.exec(name)?.[0])
    .find((name) => name !== undefined)
}

const OWNER = /^(github\.com|gitlab\.com|codeberg\.org|bitbucket\.org)\/[^/]+/

/** An organisation stands for its repositories, but a host for nobody. */
function* upwards(name: string): Generator<string> {
  const parts = name.toLowerCase().split('/')
  for (let length = parts.length; length >= 2; length--) yield parts.slice(0, length).join('/')
}

function pageName(text: string): string {
  const whole = /^https?:\/\//.test(text) ? text : `https://${text}`
  if (!URL.canParse(whole)) return ''
  const { hostname, pathname } = new URL(whole)
  const path = pathname.replace(/\/(index\.html?)?$/, '')
  return `page ${hostname.toLowerCase().replace(/^www\./, '')}${path}`
}

type Asked = { readonly whole: string; readonly words: readonly string[] }

function wordsOf(asked: string): Asked {
  const read = readPackageUrl(asked)
  const text = read?.name ?? (/^pkg:/i.test(asked) ? (asked.split(/[/:]/).at(-1) ?? '') : asked)
  const last = /^https?:\/\//.test(text) ? (repositoryName(text)?.split('/').at(-1) ?? text) : text
  return { whole: lettersAndDigits(last), words: splitWords(last).slice(0, MOST_WORDS) }
}

function hitsOf(search: Search, { whole, words }: Asked): readonly Hit[] {
  if (whole === '') return []
  const hits = rankAll(search, whole)
  if (words.length < 2) return [...hits.values()]
  // Several words: each has to fit somewhere, and the worst of them counts.
  const each = words.map((word) => rankAll(search, word))
  for (const [project, first] of each[0] ?? []) {
    const ranks = each.map((found) => found.get(project)?.rank ?? RANK.none)
    const rank = Math.max(...ranks) + 0.5
    const known = hits.get(project)?.rank ?? RANK.none
    if (rank < Math.min(known, RANK.none)) hits.set(project, { ...first, rank })
  }
  return [...hits.values()]
}

function rankAll({ keys, letters }: Search, word: string): Map<number, Hit> {
  const best = new Map<number, Hit>()
  const slips = slipsAllowed(word)
  const own = lettersOf(word)
  for (let n = 0; n < keys.length; n++) {
    const key = keys[n]
    if (key === undefined) continue
    const rank = rankOf(key, word, { slips, apart: bitsBetween(own, letters[n] ?? 0) })
    if (rank === RANK.none) continue
    const known = best.get(key.project)
    if (known === undefined || rank < known.rank)
      best.set(key.project, { project: key.project, by: key.by, rank })
  }
  return best
}

function rankOf(
  { word: key, whole }: Key,
  word: string,
  { slips, apart }: { slips: number; apart: number },
): number {
  if (key === word) return whole ? RANK.exact : RANK.word
  // Longer than what was asked by more than the slips: only a beginning or an inside can fit.
  if (key.length > word.length && key.startsWith(word))
    return (whole ? RANK.start : RANK.wordStart) + unlike(word, key)
  if (apart <= 2 * slips) {
    const found = slipsBetween(word, key, slips)
    if (found <= slips) return (whole ? RANK.slip : RANK.wordSlip) + found / (word.length + 1)
  }
  if (word.length >= 3 && key.includes(word)) return RANK.inside + unlike(word, key)
  return RANK.none
}

/** From 0 to 1: how much of the longer word the shorter one is not. */
function unlike(short: string, long: string): number {
  return 1 - short.length / long.length
}

function slipsAllowed(word: string): number {
  if (word.length < 2) return 0
  return word.length < 7 ? 1 : 2
}

function byStanding({ projects }: Search, a: Hit, b: Hit): number {
  const [one, other] = [projects[a.project], projects[b.project]]
  if (one === undefined || other === undefined) return 0
  return (
    PROJECT_STATUSES.indexOf(one.status) - PROJECT_STATUSES.indexOf(other.status) ||
    one.name.length - other.name.length ||
    (one.id < other.id ? -1 : 1)
  )
}

/** Small letters and digits, accents off, everything else out: `Trixi.jl` and `trixi jl` are one. */
function lettersAndDigits(text: string): string {
  return withoutAccents(text).replace(/[^\p{L}\p{N}]/gu, '')
}

function splitWords(text: string): readonly string[] {
  return withoutAccents(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
}

function withoutAccents(text: string): string {
  return text.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '')
}
