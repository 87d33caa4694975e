import type { ChainCopy, PublishOptions, Released, Site, Tree } from '#publication'
import {
  type Bytes,
  bytesOfHex,
  documentKind,
  hexOfBytes,
  millisecondsOf,
  textOfBytes,
  type Time,
} from '#lexicon'
import { deskWords, type Directory, readPublicKey, releasesAt, type Statement } from '#seal'
import type { Kysely, Schema } from '#store'
import { readStoredMany } from './document-store.ts'
import { demandPublishable } from './publishable.ts'
import { type Counting, countingAt } from './released-documents.ts'
import { ValveError } from './valve-error.ts'

/** Documents in, files out: `publishTree` of #publication. */
export type Publish = (
  site: Site,
  documents: readonly Released[],
  chain: ChainCopy,
  options: PublishOptions,
) => Tree

export type BuildDeps = {
  readonly db: Kysely<Schema>
  /** Where the desk answers, without a slash at the end. */
  readonly url: string
  readonly publish: Publish
  readonly options: PublishOptions
}

/** What one build leaves for the next: bytes that were read and looked at. Nothing else is published. */
export type BuildMemory = {
  readonly bytes: Map<string, Bytes>
  readonly checked: Set<string>
}

export type BuiltTree = {
  readonly files: Tree
  /** The release that each document counts by. */
  readonly counting: readonly Counting[]
  /** The newest desk statement that it was made from. */
  readonly head: string
  /** When something in it changed for the last time: the same for everybody who builds it. */
  readonly at: Time
  /** Whose it is, as its people signed it. */
  readonly author: { readonly name: string; readonly domain: string }
  /** When the next release takes effect by itself, in milliseconds. */
  readonly next: number | undefined
}

export function newBuildMemory(): BuildMemory {
  return { bytes: new Map(), checked: new Set() }
}

/**
 * The public tree of this moment: what counts, looked at once more, exactly these bytes; no file at all while
 * nothing is released. Throws `ValveError` where something is missing, damaged or not publishable: then nothing is written.
 */
export async function buildTree(
  deps: BuildDeps,
  directory: Directory,
  now: number,
  memory: BuildMemory = newBuildMemory(),
): Promise<BuiltTree> {
  const { db, url, publish, options } = deps
  const counting = await countingAt(db, directory, now)
  if (counting.length === 0) {
    replaceAll(memory, new Map(), new Set())
    return emptyTree(directory, now)
  }
  const documents = await documentsOf(db, directory.desk, counting, memory)
  const { name, domain } = directory.now
  const words = deskWords(bytesOfHex(directory.desk))
  const fingerprints = await fingerprintsOf(documents)
  const site: Site = { name, domain, url, desk: directory.desk, words, fingerprints }
  const chain: ChainCopy = { statements: await chainUpTo(db, directory) }
  const files = publish(site, documents, chain, options)
  return { ...emptyTree(directory, now), files, counting }
}

/** What stands in public when nothing may: no file. */
export function emptyTree(directory: Directory, now: number): BuiltTree {
  const { later, changed } = releasesAt(directory, now)
  const { name, domain, at } = directory.now
  const times = later.map(({ notBefore }) => millisecondsOf(notBefore))
  return {
    files: new Map(),
    counting: [],
    head: directory.head.id,
    at: changed > at ? changed : at,
    author: { name, domain },
    next: times.length === 0 ? undefined : Math.min(...times),
  }
}

async function fingerprintsOf(documents: readonly Released[]): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const { path, bytes } of documents)
    if (documentKind(path) === 'key')
      found[path] = (await readPublicKey(textOfBytes(bytes))).fingerprint
  return found
}

async function documentsOf(
  db: Kysely<Schema>,
  desk: string,
  counting: readonly Counting[],
  memory: BuildMemory,
): Promise<Released[]> {
  const needed = counting.filter(({ sha256 }) => !memory.bytes.has(sha256))
  const read = await readStoredMany(
    db,
    needed.map(({ sha256 }) => sha256),
  )
  const documents: Released[] = []
  const checked = new Set<string>()
  const bytesByHash = new Map<string, Bytes>()
  for (const { path, sha256, release } of counting) {
    const bytes = memory.bytes.get(sha256) ?? read.get(sha256)
    if (bytes === undefined)
      throw new ValveError('incomplete', `The document for ${path} is not here: bring it again.`)
    const mark = `${sha256} ${path}`
    if (!memory.checked.has(mark)) await demandPublishable({ db, desk }, { path, bytes })
    checked.add(mark)
    bytesByHash.set(sha256, bytes)
    const { licence, at, id } = release
    documents.push({ path, bytes, licence, at, release: id })
  }
  // What counts no more is forgotten.
  replaceAll(memory, bytesByHash, checked)
  return documents
}

function replaceAll(
  { bytes, checked }: BuildMemory,
  nextBytes: ReadonlyMap<string, Bytes>,
  nextChecked: ReadonlySet<string>,
): void {
  bytes.clear()
  for (const [sha256, each] of nextBytes) bytes.set(sha256, each)
  checked.clear()
  for (const mark of nextChecked) checked.add(mark)
}

/** The chain as it went over the wire, up to the statement that the tree is made from. */
async function chainUpTo(db: Kysely<Schema>, directory: Directory): Promise<Statement[]> {
  const rows = await db
    .selectFrom('identity.statement')
    .select(['head', 'sig'])
    .where('seq', '<=', directory.head.seq)
    .orderBy('seq')
    .execute()
  return rows.map(({ head, sig }) => ({ head, sig: hexOfBytes(sig) }))
}
