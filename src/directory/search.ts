import { bitsBetween, lettersOf, slipsBetween } from './distance.ts'
import { readPackageUrl } from './package-url.ts'
import { type Project, PROJECT_STATUSES } from './project.ts'
import { repositoryName } from './web-address.ts'

export type FoundBy = 'name' | 'package' | 'import' | 'repository' | 'homepage'

/** A project that fits, what of it fits, and whether it is what was asked for, to the letter. */
export type Found = { readonly project: Project; readonly by: FoundBy; readonly exact: boolean }

/** A directory prepared for searching. Making it costs a moment; asking it costs none. */
export type Search = {
  readonly projects: readonly Project[]
  readonly keys: Keys
  /** Package URLs, repositories and hosts, as they are written one way only. */
  readonly names: ReadonlyMap<string, readonly Named[]>
}

type Named = { readonly project: number; readonly by: FoundBy }
/** `whole`: the whole of a name; not one word of several. */
type Key = Named & { readonly word: string; readonly whole: boolean }
/** All keys, member by member: each question looks at every one of them. */
type Keys = {
  readonly words: readonly string[]
  readonly letters: Int32Array
  readonly lengths: Uint8Array
  readonly wholes: Uint8Array
  readonly of: Int32Array
  readonly by: readonly FoundBy[]
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
  return { projects, keys: membersOf(keys), names }
}

/** Projects by name, id, package URL, name of an import, or address of a repository; the best one first. */
export function findProjects(search: Search, words: string, most = 20): readonly Found[] {
  const asked = words.trim().slice(0, LONGEST)
  const hits = new Map<number, Hit>()
  for (const name of exactNames(asked))
    for (const named of search.names.get(name) ?? [])
      hits.set(named.project, { ...named, rank: RANK.exact })
  const owner = hits.size === 0 ? ownerOf(asked) : undefined
  if (owner !== undefined)
    for (const named of search.names.get(`owner ${owner}`) ?? [])
      hits.set(named.project, { ...named, rank: RANK.word })
  const found = hits.size > 0 ? [...hits.values()] : hitsOf(search, wordsOf(asked))
  return theBest(search, found, most).flatMap(({ project: n, by, rank }) => {
    const project = search.projects[n]
    return project === undefined ? [] : [{ project, by, exact: rank === RANK.exact }]
  })
}

function membersOf(keys: readonly Key[]): Keys {
  return {
    words: keys.map(({ word }) => word),
    letters: Int32Array.from(keys, ({ word }) => lettersOf(word)),
    lengths: Uint8Array.from(keys, ({ word }) => Math.min(word.length, 255)),
    wholes: Uint8Array.from(keys, ({ whole }) => Number(whole)),
    of: Int32Array.from(keys, ({ project }) => project),
    by: keys.map(({ by }) => by),
  }
}

/** Of thousands that begin with one letter nobody reads more than the first page: only that is sorted. */
function theBest(search: Search, hits: readonly Hit[], most: number): readonly Hit[] {
  const better = (a: Hit, b: Hit) => a.rank - b.rank || byStanding(search, a, b)
  const best: Hit[] = []
  for (const hit of hits) {
    const last = best.at(-1)
    if (best.length >= most && last !== undefined && better(hit, last) >= 0) continue
    const at = best.findIndex((other) => better(hit, other) < 0)
    best.splice(at < 0 ? best.length : at, 0, hit)
    if (best.length > most) best.pop()
  }
  return best
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
  const { keys, projects } = search
  const best = rankAll(search, whole)
  if (words.length > 1) {
    // Several words: each has to fit somewhere, and the worst of them counts.
    const each = words.map((word) => rankAll(search, word))
    for (let n = 0; n < projects.length; n++) {
      const rank = Math.max(...each.map(({ ranks }) => ranks[n] ?? RANK.none)) + 0.5
      if (rank >= (best.ranks[n] ?? 0)) continue
      best.ranks[n] = rank
      best.key[n] = each[0]?.key[n] ?? 0
    }
  }
  const hits: Hit[] = []
  for (let n = 0; n < projects.length; n++) {
    const rank = best.ranks[n] ?? RANK.none
    if (rank < RANK.none) hits.push({ project: n, by: keys.by[best.key[n] ?? 0] ?? 'name', rank })
  }
  return hits
}

/** Of each project the rank of its best key, and which one that is. */
type Ranked = { readonly ranks: Float32Array; readonly key: Int32Array }

function rankAll({ keys, projects }: Search, word: string): Ranked {
  const ranks = new Float32Array(projects.length).fill(RANK.none)
  const key = new Int32Array(projects.length)
  const slips = slipsAllowed(word)
  const own = lettersOf(word)
  for (let n = 0; n < keys.words.length; n++) {
    const letters = keys.letters[n] ?? 0
    const length = keys.lengths[n] ?? 0
    // Most keys end here: they have not the letters that were asked for, nor nearly the same ones.
    const holds = (own & ~letters) === 0 && length >= word.length
    const near = Math.abs(length - word.length) <= slips && bitsBetween(own, letters) <= 2 * slips
    if (!holds && !near) continue
    const rank = rankOf(keys.words[n] ?? '', word, {
      whole: keys.wholes[n] === 1,
      slips: near ? slips : -1,
    })
    const project = keys.of[n] ?? 0
    if (rank >= (ranks[project] ?? 0)) continue
    ranks[project] = rank
    key[project] = n
  }
  return { ranks, key }
}

function rankOf(
  key: string,
  word: string,
  { whole, slips }: { readonly whole: boolean; readonly slips: number },
): number {
  if (key === word) return whole ? RANK.exact : RANK.word
  if (key.startsWith(word)) return (whole ? RANK.start : RANK.wordStart) + unlike(word, key)
  if (slips >= 0) {
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
