import {
  type About,
  DirectoryError,
  readPolicy,
  readSecurityInsights,
  type Source,
  statedContact,
} from '#directory'
import { bytesOfText } from '#lexicon'
import { checkSecurityTxt } from '#publication'
import type { Bench } from './git.ts'

/** What a repository says about reporting, in GitHub’s order, and what could not be read of it. */
export type Sources = { readonly sources: readonly Source[]; readonly unread: readonly string[] }

type Entry = { readonly mode: string; readonly id: string; readonly path: string }
type What = Source['what']

const LARGEST = 512 * 1024
const MOST_PAGES = 10
const MOST_ENTRIES = 50_000

export type Version = {
  readonly commit: string
  /** The day of a version, by path; of the whole commit where nothing older is there. */
  readonly dayOf: (path: string) => Promise<string>
  /** Where a reader finds this version of a path. */
  readonly whereOf: (path: string) => string
}

export async function readSources(bench: Bench, version: Version, about: About): Promise<Sources> {
  const sources: Source[] = []
  const unread: string[] = []
  const root = await entriesOf(bench, version.commit)
  const within = async (name: string) => {
    const tree = root.find(({ mode, path }) => mode === TREE && path.toLowerCase() === name)
    if (tree === undefined) return []
    const entries = await entriesOf(bench, tree.id)
    return entries.map((entry) => ({ ...entry, path: `${tree.path}/${entry.path}` }))
  }
  const github = await within('.github')
  const docs = await within('docs')
  const pages = [...(await pagesIn(bench, root, 'docs')), ...(await pagesIn(bench, root, 'doc'))]
  const wanted: readonly (readonly [What, readonly Entry[]])[] = [
    ['policy', [...github, ...root, ...docs].filter(({ path }) => POLICY.test(path))],
    ['readme', [...root, ...github].filter(({ path }) => README.test(path)).slice(0, 1)],
    [
      'security.txt',
      [...(await within('.well-known')), ...root].filter(({ path }) => TXT.test(path)),
    ],
    ['security-insights', [...root, ...github].filter(({ path }) => INSIGHTS.test(path))],
    ['docs', pages.filter(({ path }) => !POLICY.test(path)).slice(0, MOST_PAGES)],
  ]
  for (const [what, entries] of wanted)
    for (const entry of entries) {
      const read = await textOf(bench, entry)
      if (typeof read !== 'string') {
        unread.push(`${entry.path} ${read.why}`)
        continue
      }
      try {
        const found = sourceOf(what, read, about)
        const { path } = entry
        const where = version.whereOf(path)
        sources.push({ ...found, what, where, when: await version.dayOf(path) })
      } catch (error) {
        if (!(error instanceof DirectoryError)) throw error
        unread.push(`${entry.path} is not read: ${error.message}`)
      }
    }
  return { sources, unread }
}

const TREE = '040000'
const FILE = /^100(644|755|664)$/
const POLICY = /^((\.github|docs)\/)?security(\.(md|markdown|rst|txt|adoc))?$/i
const README = /^(\.github\/)?readme(\.(md|markdown|rst|txt|adoc))?$/i
const TXT = /^(\.well-known\/)?security\.txt$/i
const INSIGHTS = /^(\.github\/)?security[-_]insights\.ya?ml$/i
const PAGE = /(^|\/)[^/]*(secur|vulnerab)[^/]*\.(md|markdown|rst|txt|adoc|html)$/i

function sourceOf(what: What, text: string, about: About): Omit<Source, 'what' | 'where' | 'when'> {
  switch (what) {
    case 'policy':
      return { ...readPolicy(text, about), expires: '' }
    case 'readme':
    case 'docs':
      return {
        ...readPolicy(text, { ...about, only: 'security' }),
        contradictions: [],
        expires: '',
      }
    case 'security.txt':
      return securityTxt(text, about)
    case 'security-insights':
      return { ...readSecurityInsights(text, about), contradictions: [] }
  }
}

/** What is wrong with its form speaks against it; that it ended, or never says when, is a finding of its own. */
function securityTxt(text: string, about: About): Omit<Source, 'what' | 'where' | 'when'> {
  const { fields, findings } = checkSecurityTxt(bytesOfText(text), { now: 0 })
  const contacts = fields.flatMap(({ name, value, line }) => {
    const found = name === 'contact' ? statedContact(value, about) : undefined
    return found === undefined ? [] : [{ ...found, line }]
  })
  const wrong = findings.filter(({ level, code }) => level === 'error' && !ABOUT_ITS_END.has(code))
  return {
    contacts,
    contradictions: wrong.map(({ line, sentence }) => `${sentence} (line ${line})`),
    expires: fields.find(({ name }) => name === 'expires')?.value ?? '',
  }
}

const ABOUT_ITS_END = new Set(['expired', 'no_expire', 'invalid_expiry', 'expiry_without_seconds'])

async function pagesIn(
  bench: Bench,
  root: readonly Entry[],
  name: string,
): Promise<readonly Entry[]> {
  const tree = root.find(({ mode, path }) => mode === TREE && path.toLowerCase() === name)
  if (tree === undefined) return []
  const entries = await entriesOf(bench, tree.id, '-r')
  return entries
    .map((entry) => ({ ...entry, path: `${tree.path}/${entry.path}` }))
    .filter(({ path }) => PAGE.test(path))
}

/** The entries of a tree, by the ids of objects: no name out of a repository ever stands in a command. */
async function entriesOf(
  bench: Bench,
  tree: string,
  ...flags: readonly string[]
): Promise<readonly Entry[]> {
  const listed = (await bench.git('ls-tree', '-z', ...flags, tree)).toString('latin1')
  return listed
    .split('\0')
    .slice(0, MOST_ENTRIES)
    .flatMap((line) => {
      const [, mode, id, path] = /^(\d{6}) \w+ ([0-9a-f]{40,64})\t(.+)$/s.exec(line) ?? []
      return mode === undefined || id === undefined || path === undefined
        ? []
        : [{ mode, id, path }]
    })
}

async function textOf(bench: Bench, { mode, id }: Entry): Promise<string | { why: string }> {
  if (mode === '120000') return { why: 'is a link, which is not followed.' }
  if (!FILE.test(mode)) return { why: 'is no file.' }
  const size = Number((await bench.git('cat-file', '-s', id)).toString('latin1'))
  if (!(size <= LARGEST)) return { why: 'is larger than a policy.' }
  const bytes = await bench.git('cat-file', 'blob', id)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return { why: 'is not UTF-8.' }
  }
}
