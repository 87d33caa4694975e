import { DirectoryError, indexOf, projectOf } from '#directory'
import {
  type Bytes,
  bytesOfHex,
  DIRECTORY_FRESH,
  documentKind,
  hexOfBytes,
  millisecondsOf,
  textOfBytes,
} from '#lexicon'
import {
  brokenLinks,
  checkSecurityTxt,
  markdownAsRead,
  PublicationError,
  publishTree,
  type Released,
  type Site,
  type Tree,
} from '#publication'
import {
  deskWords,
  type Directory,
  foldDesk,
  LEAK_WORDS,
  leaksIn,
  readPublicKey,
  Refused,
  type Releases,
  releasesAt,
  sha256ByEngine,
  type Statement,
  statementId,
} from '#seal'
import type { TreeFinding, TreeFindingCode } from './tree-finding.ts'
import { isLook, lookFindings } from './verify-look.ts'

export type VerifiedTree = {
  readonly findings: readonly TreeFinding[]
  /** Whose tree it is: compare the words. Absent where the chain does not hold. */
  readonly desk?: {
    readonly id: string
    readonly words: string
    readonly name: string
    readonly url: string
    /** The newest statement of the chain in this tree: whoever saw a newer one holds a rolled-back tree. */
    readonly newest: { readonly id: string; readonly at: string }
  }
  readonly documents: number
}

export type TreeCircumstances = {
  /** Milliseconds. */
  readonly now: number
  /** The desk that is expected, from paper or a link. */
  readonly desk?: string | undefined
  /** A statement of the desk chain that was seen before, hex: it must be in the tree. */
  readonly head?: string | undefined
  /** Sheet, fonts and mark as this program has them, by path; a tree of another version has others. */
  readonly look: ReadonlyMap<string, Bytes>
}

/**
 * Checks a public tree as anybody can, with nothing but its files: the chain and who released what, every hash,
 * licences, leaks and links, and that each page is what the documents make it, byte for byte.
 */
export async function verifyTree(tree: Tree, about: TreeCircumstances): Promise<VerifiedTree> {
  const findings: TreeFinding[] = []
  try {
    const site = siteOf(tree)
    const { directory, statements } = await chainOf(tree, about.desk ?? site.desk)
    const releases = releasesAt(directory, about.now)
    const documents = await documentsOf(tree, releases, findings)
    await demandSite(site, directory, documents)
    lookAtAge(directory, statements, about, findings)
    lookAtAddress(site, documents, about.now, findings)
    for (const document of documents) await lookAt(document, site, findings)
    // A rebuild from other bytes than were released would only repeat what is said already.
    if (findings.length === 0)
      compare(tree, rebuilt(site, documents, statements, tree), releases, findings)
    findings.push(...lookFindings(tree, about.look))
    for (const { page, to } of brokenLinks(tree))
      findings.push({ path: page, code: 'link', says: `It links to ${to}, which is not here.` })
    return { findings, desk: deskFacts(site, directory), documents: documents.length }
  } catch (error) {
    if (!(error instanceof Broken)) throw error
    return { findings: [...findings, error.finding], documents: 0 }
  }
}

/** Nothing after this can be checked. */
class Broken extends Error {
  override readonly name = 'Broken'
  readonly finding: TreeFinding

  constructor(path: string, code: TreeFindingCode, says: string, options?: ErrorOptions) {
    super(says, options)
    this.finding = { path, code, says }
  }
}

const SITE = 'site.json'
const CHAIN = 'chain/desk.json'

function deskFacts({ url }: Site, { desk, now, head }: Directory) {
  const newest = { id: head.id, at: now.at }
  return { id: desk, words: deskWords(bytesOfHex(desk)), name: now.name, url, newest }
}

function siteOf(tree: Tree): Site {
  const value = jsonAt(tree, SITE)
  const { name, domain, url, desk, words, fingerprints } = value
  const texts = [name, domain, url, desk, words]
  if (!texts.every((each) => typeof each === 'string') || !/^[0-9a-f]{64}$/.test(String(desk)))
    throw new Broken(SITE, 'site', 'It does not say whose tree this is.')
  return {
    name: String(name),
    domain: String(domain),
    url: String(url),
    desk: String(desk),
    words: String(words),
    ...(isTexts(fingerprints) && { fingerprints }),
  }
}

async function chainOf(tree: Tree, desk: string) {
  const { statements } = jsonAt(tree, CHAIN)
  if (!Array.isArray(statements) || !statements.every(isStatement))
    throw new Broken(CHAIN, 'chain', 'It holds no statements.')
  const [first] = statements
  if (first === undefined || statementId(first.head) !== desk)
    throw new Broken(CHAIN, 'chain', 'This is the chain of another desk than the one expected.')
  try {
    return { statements, directory: await foldDesk(statements, desk) }
  } catch (cause) {
    if (!(cause instanceof Refused)) throw cause
    const says = `The desk chain does not hold (${cause.code}): ${cause.message}`
    throw new Broken(CHAIN, 'chain', says, { cause })
  }
}

/** What counts, each with the bytes that stand here, if they are the right ones. */
async function documentsOf(
  tree: Tree,
  { now }: Releases,
  findings: TreeFinding[],
): Promise<Released[]> {
  const documents: Released[] = []
  const take = async (
    path: string,
    sha256: string,
    release: { licence: string; at: string; id: string },
  ) => {
    const bytes = tree.get(path)
    const { licence, at, id } = release
    if (bytes === undefined)
      findings.push({ path, code: 'missing', says: 'It was released, and is not here.' })
    else if (hexOfBytes(await sha256ByEngine(bytes)) !== sha256)
      findings.push({ path, code: 'changed', says: 'These are other bytes than were released.' })
    else documents.push({ path, bytes, licence, at, release: id })
  }
  for (const [path, release] of now) await take(path, release.sha256, release)
  const index = documents.find(({ path }) => path === 'directory/index.json')
  const indexed = now.get('directory/index.json')
  if (index !== undefined && indexed !== undefined)
    for (const [id, sha256] of indexIn(index.bytes))
      await take(`projects/${id}.json`, sha256, indexed)
  return documents
}

function indexIn(bytes: Bytes): ReadonlyMap<string, string> {
  try {
    return indexOf(bytes)
  } catch (cause) {
    if (!(cause instanceof DirectoryError)) throw cause
    throw new Broken('directory/index.json', 'form', cause.message, { cause })
  }
}

/** What the pages say of the desk is what its people signed. Where it answers, nobody signs: a person compares it. */
async function demandSite(
  site: Site,
  { desk, now }: Directory,
  documents: readonly Released[],
): Promise<void> {
  const fingerprints: Record<string, string> = {}
  for (const { path, bytes } of documents)
    if (documentKind(path) === 'key')
      fingerprints[path] = await fingerprintOf(path, textOfBytes(bytes))
  const signed = { name: now.name, domain: now.domain, words: deskWords(bytesOfHex(desk)) }
  const { name, domain, words } = site
  const same =
    JSON.stringify(signed) === JSON.stringify({ name, domain, words }) &&
    JSON.stringify(fingerprints) === JSON.stringify(site.fingerprints ?? {})
  if (!same)
    throw new Broken(SITE, 'site', 'It says other things of the desk than its people signed.')
}

/** An old tree is whole in itself: only its age, or what somebody saw before, tells that it was rolled back. */
function lookAtAge(
  { now: { at } }: Directory,
  statements: readonly Statement[],
  { now, head }: TreeCircumstances,
  findings: TreeFinding[],
): void {
  const old = (says: string) => findings.push({ path: CHAIN, code: 'old', says })
  if (now - millisecondsOf(at) >= DIRECTORY_FRESH)
    old(`Its newest statement is from ${at}, 30 days ago or more: get a newer copy.`)
  if (head !== undefined && !statements.some((each) => statementId(each.head) === head))
    old('It does not hold the statement that you named: this copy is older than that, or another.')
}

/** security.txt is released; where the tree says that the desk answers is not. One of them names the other. */
function lookAtAddress(
  { url }: Site,
  documents: readonly Released[],
  now: number,
  findings: TreeFinding[],
): void {
  const contacts = documents.find(({ path }) => path === '.well-known/security.txt')
  // A trial on this machine has no address that RFC 9116 lets it name.
  if (contacts === undefined || /^http:\/\/(?:localhost|127\.0\.0\.1)(?::\d{1,5})?$/.test(url))
    return
  const from = [`${url}/${contacts.path}`]
  const checked = checkSecurityTxt(contacts.bytes, { now, from })
  if (checked.findings.some(({ code }) => code === 'no_canonical_match'))
    findings.push({
      path: SITE,
      code: 'site',
      says: 'The released security.txt names another address.',
    })
}

async function fingerprintOf(path: string, armored: string): Promise<string> {
  try {
    return (await readPublicKey(armored)).fingerprint
  } catch (cause) {
    if (!(cause instanceof Refused)) throw cause
    throw new Broken(path, 'form', 'This is not one public key.', { cause })
  }
}

async function lookAt(
  { path, bytes }: Released,
  { words }: Site,
  findings: TreeFinding[],
): Promise<void> {
  const kind = documentKind(path)
  if (kind === undefined)
    findings.push({ path, code: 'form', says: 'No document has its place there.' })
  try {
    if (kind === 'project' && path !== `projects/${projectOf(bytes).id}.json`)
      findings.push({ path, code: 'form', says: 'It is about another project.' })
    for (const { code, line } of leaksIn(textOfBytes(bytes), { words }))
      findings.push({ path, code: 'leak', says: `Line ${line}: ${LEAK_WORDS[code]}` })
    if (kind === 'markdown')
      for (const { code } of leaksIn(markdownAsRead(textOfBytes(bytes)), { words }))
        findings.push({ path, code: 'leak', says: `As it is read: ${LEAK_WORDS[code]}` })
  } catch (error) {
    const known = error instanceof DirectoryError || error instanceof PublicationError
    const says = known ? error.message : 'It is not text in UTF-8.'
    findings.push({ path, code: 'form', says })
  }
}

function rebuilt(
  site: Site,
  documents: readonly Released[],
  statements: readonly Statement[],
  tree: Tree,
): Tree {
  const look = new Map([...tree].filter(([path]) => isLook(path)))
  try {
    return publishTree(site, documents, { statements }, { look })
  } catch (cause) {
    if (!(cause instanceof PublicationError)) throw cause
    throw new Broken(SITE, 'form', `No tree can be made of these documents: ${cause.message}`, {
      cause,
    })
  }
}

function compare(tree: Tree, made: Tree, { refused }: Releases, findings: TreeFinding[]): void {
  for (const [path, bytes] of made) {
    const found = tree.get(path)
    if (found === undefined) findings.push({ path, code: 'missing', says: 'It belongs here.' })
    else if (!isSame(found, bytes))
      findings.push({ path, code: 'changed', says: 'It is not what the documents make of it.' })
  }
  for (const path of tree.keys()) {
    if (made.has(path)) continue
    const why = refused.find((each) => each.path === path)
    const says =
      why === undefined
        ? 'Nobody released it, or it was withdrawn.'
        : 'Its release never counted: it replaced another version than the one that was there.'
    findings.push({ path, code: 'not-released', says })
  }
}

function jsonAt(tree: Tree, path: string): Readonly<Record<string, unknown>> {
  const bytes = tree.get(path)
  if (bytes === undefined) throw new Broken(path, 'missing', 'Without it nothing can be checked.')
  try {
    const value: unknown = JSON.parse(textOfBytes(bytes))
    if (isRecord(value)) return value
  } catch {
    // Said below: what is no JSON and what is another kind of it are the same here.
  }
  throw new Broken(path, 'form', 'It is not in the form that it has in a public tree.')
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  return isRecord(value) && Object.values(value).every((each) => typeof each === 'string')
}

function isStatement(value: unknown): value is Statement {
  return isRecord(value) && typeof value['head'] === 'string' && typeof value['sig'] === 'string'
}

function isSame(a: Bytes, b: Bytes): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
