import { type Project, projectOf } from '#directory'
import { bytesOfText, type Bytes, textOfBytes } from '#lexicon'
import { type FeedEntry, feedOf } from './feed.ts'
import { directoryPlan, projectRow } from './pages/directory-pages.ts'
import { documentPage } from './pages/document-page.ts'
import { aboutPage, accessPage, licencePage, missingPage, startPage } from './pages/fixed-pages.ts'
import { guideCrumbs, guideRow, guidesPlan } from './pages/guide-pages.ts'
import { type Listed, listedPages } from './pages/listed-pages.ts'
import { projectPage, type Relative } from './pages/project-page.ts'
import { securityPage } from './pages/security-page.ts'
import { type Face, faceOf } from './pages/tree-page.ts'
import { PublicationError } from './publication-error.ts'
import { type Rendered, renderMarkdown } from './render-markdown.ts'
import { headersFile, robots, sitemaps } from './site-files.ts'
import {
  type ChainCopy,
  type PublishOptions,
  type Released,
  type Site,
  type Tree,
  TreeMemory,
} from './tree.ts'

/**
 * The public tree: a pure function. The same documents give the same bytes in whatever order they come, and with or
 * without the memory of an earlier run. Throws `PublicationError` for what no tree can be made of.
 */
export function publishTree(
  site: Site,
  documents: readonly Released[],
  chain: ChainCopy,
  { look = new Map(), memory = new TreeMemory() }: PublishOptions = {},
): Tree {
  const sorted = documents.toSorted((a, b) => (a.path < b.path ? -1 : 1))
  const reachable = sorted.some(({ path }) => path === SECURITY_TXT)
  const face = faceOf(site, look, reachable)
  memory.begin(JSON.stringify([site, [...look.keys()].toSorted(), reachable]))
  const build: Build = { face, memory, files: new Map(), pages: [], feed: [] }
  for (const { path, bytes } of sorted) put(build, path, bytes)
  projects(build, sorted)
  guides(build, sorted)
  ownPages(build, sorted)
  contactFacts(build, sorted)
  put(build, 'feed.xml', feedOf(site, build.feed))
  for (const [path, bytes] of sitemaps(site, build.pages)) put(build, path, bytes)
  put(build, 'robots.txt', robots(site))
  put(build, '_headers', headersFile())
  put(build, '404.html', missingPage(face))
  put(build, 'site.json', bytesOfText(`${JSON.stringify(site)}\n`))
  put(build, 'chain/desk.json', bytesOfText(`${JSON.stringify(chain)}\n`))
  for (const [path, bytes] of [...look].toSorted(([a], [b]) => (a < b ? -1 : 1)))
    put(build, path, bytes)
  return build.files
}

type Build = {
  readonly face: Face
  readonly memory: TreeMemory
  readonly files: Map<string, Bytes>
  readonly pages: string[]
  readonly feed: FeedEntry[]
}

const SECURITY_TXT = '.well-known/security.txt'
const NOTHING = new Uint8Array()

/** R61: nothing is written over anything, whoever released it. */
function put({ files }: Build, path: string, bytes: Bytes): void {
  const before = files.size
  files.set(path, bytes)
  if (files.size === before)
    throw new PublicationError('taken', `Two things want to be ${path} in the public tree.`)
}

/** A page at `/some/place/`, kept where a reader finds it. */
function putPage(build: Build, at: string, bytes: Bytes, file = fileOf(at)): void {
  put(build, file, bytes)
  build.pages.push(at)
}

/** Where a page lies, made once: thousands are put together at each run. */
type Placed = { readonly at: string; readonly file: string }
type ReadProject = Placed & { readonly project: Project; readonly listed: Listed }

function projects(build: Build, documents: readonly Released[]): void {
  const { face, memory } = build
  const read: { readonly document: Released; readonly made: ReadProject }[] = []
  for (const document of documents) {
    const { path, bytes } = document
    if (!path.startsWith('projects/')) continue
    const made = memory.of('project', path, bytes, [], () => readProject(document))
    read.push({ document, made })
  }
  const names = new Map(read.map(({ made: { project } }) => [project.id, project.name]))
  const parts = Map.groupBy(
    read.filter(({ made }) => made.project.umbrella !== ''),
    ({ made }) => made.project.umbrella,
  )
  for (const { document, made } of read) {
    const { project } = made
    const above = names.get(project.umbrella)
    const umbrella: Relative | undefined =
      above === undefined ? undefined : { id: project.umbrella, name: above }
    const own = (parts.get(project.id) ?? []).map(({ made: { project: part } }): Relative => {
      return { id: part.id, name: part.name }
    })
    const key = umbrella === undefined && own.length === 0 ? [] : [JSON.stringify([umbrella, own])]
    const make = () => projectPage(face, project, { umbrella, parts: own })
    const bytes = memory.of('page', document.path, document.bytes, key, make)
    putPage(build, made.at, bytes, made.file)
  }
  for (const [path, bytes] of listedPages(
    face,
    memory,
    directoryPlan(read.length),
    read.map(({ made }) => made.listed),
  ))
    putPage(build, atOf(path), bytes)
  put(build, 'directory.json', directoryJson(read.map(({ document }) => document.bytes)))
}

function readProject(document: Released): ReadProject {
  let project: Project
  try {
    project = projectOf(document.bytes)
  } catch {
    throw new PublicationError('document', `${document.path} is no document of a project.`)
  }
  const { id } = project
  if (document.path !== `projects/${id}.json`)
    throw new PublicationError('document', `${document.path} is about another project, ${id}.`)
  const at = `/projects/${id}/`
  return { at, file: fileOf(at), project, listed: projectRow(project) }
}

/** All documents of projects as they are, in one file for programs. */
function directoryJson(documents: readonly Bytes[]): Bytes {
  const before = bytesOfText('{"licence":"CC-BY-4.0","projects":[\n')
  const between = bytesOfText(',\n')
  const after = bytesOfText('\n],"v":1}\n')
  const size = documents.reduce((sum, { length }) => sum + length, 0)
  const gaps = Math.max(0, documents.length - 1) * between.length
  const whole = new Uint8Array(before.length + size + gaps + after.length)
  whole.set(before)
  let at = before.length
  for (const [n, document] of documents.entries()) {
    if (n > 0) {
      whole.set(between, at)
      at += between.length
    }
    whole.set(document, at)
    at += document.length
  }
  whole.set(after, at)
  return whole
}

function guides(build: Build, documents: readonly Released[]): void {
  const { face, memory } = build
  const rows: Listed[] = []
  for (const document of documents) {
    const { path, bytes } = document
    if (!path.startsWith('guides/') || !path.endsWith('.md')) continue
    const key = [document.at, document.licence, document.release]
    const { at, file, page, row, title } = memory.of('guide', path, bytes, key, () => {
      const rendered = rendering(document)
      const at = `/${path.slice(0, -'.md'.length)}/`
      return {
        at,
        file: fileOf(at),
        page: documentPage(face, at, document, rendered, guideCrumbs(rendered.title)),
        row: guideRow(at, rendered, document),
        title: rendered.title,
      }
    })
    putPage(build, at, page, file)
    rows.push(row)
    build.feed.push({ title, at, document })
  }
  for (const [path, bytes] of listedPages(face, memory, guidesPlan(rows.length), rows))
    putPage(build, atOf(path), bytes)
}

function ownPages(build: Build, documents: readonly Released[]): void {
  const { face, memory } = build
  const find = (path: string) => documents.find((document) => document.path === path)
  const about = find('pages/about.md')
  if (about === undefined) putPage(build, '/about/', aboutPage(face, '/about/'))
  else {
    const rendered = rendering(about)
    putPage(build, '/about/', documentPage(face, '/about/', about, rendered, guideCrumbs('')))
    build.feed.push({ title: rendered.title, at: '/about/', document: about })
  }
  const words = find('pages/security.md')
  const facts = {
    words: words && { document: words, rendered: rendering(words) },
    securityTxt: find(SECURITY_TXT),
    keys: documents.filter(({ path }) => path.startsWith('keys/') && path.endsWith('.asc')),
  }
  putPage(build, '/security/', securityPage(face, '/security/', facts))
  if (words !== undefined)
    build.feed.push({
      title: 'How to report a security problem',
      at: '/security/',
      document: words,
    })
  for (const [at, make] of [
    ['/policies/access/', accessPage],
    ['/licence/', licencePage],
    ['/', startPage],
  ] as const)
    putPage(
      build,
      at,
      memory.of('fixed', at, NOTHING, [], () => make(face, at)),
    )
}

/** What reaches the team. The file stands at its old place as well. */
function contactFacts(build: Build, documents: readonly Released[]): void {
  for (const document of documents) {
    if (document.path === SECURITY_TXT) {
      put(build, 'security.txt', document.bytes)
      build.feed.push({ title: 'security.txt', at: `/${SECURITY_TXT}`, document })
    } else if (document.path === 'directory/index.json')
      build.feed.push({ title: 'Where each project takes reports', at: '/directory/', document })
    else if (document.path.startsWith('keys/'))
      build.feed.push({ title: `A key: ${document.path}`, at: `/${document.path}`, document })
  }
}

function rendering({ path, bytes }: Released): Rendered {
  let rendered: Rendered
  try {
    rendered = renderMarkdown(textOfBytes(bytes))
  } catch {
    throw new PublicationError('document', `${path} is no Markdown that is rendered.`)
  }
  const name = /([^/]+)\.md$/.exec(path)?.[1] ?? path
  return rendered.title === '' ? { ...rendered, title: name } : rendered
}

function fileOf(at: string): string {
  return `${at.slice(1)}index.html`
}

function atOf(path: string): string {
  return `/${path.replace(/index\.html$/, '')}`
}
