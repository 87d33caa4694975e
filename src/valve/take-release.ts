import { indexOf } from '#directory'
import { type Bytes, documentKind, isLicence, isReleasePath, LICENCES, textOfBytes } from '#lexicon'
import { checkSecurityTxt } from '#publication'
import {
  demandClearSigned,
  type DeskHead,
  type Directory,
  type HeadOf,
  looksClearSigned,
  mailAddressesIn,
  Refused,
} from '#seal'
import { keepDocuments } from './document-store.ts'
import { demandHarmless, demandPublishable } from './publishable.ts'
import { countingAt, demandStored, INDEX } from './released-documents.ts'
import type { ValveDeps } from './valve-deps.ts'
import { ValveError } from './valve-error.ts'

/** Keeps documents, once nothing in them opens anything. Returns the hashes in order. Throws `ValveError`. */
export async function takeDocuments(
  deps: ValveDeps,
  documents: readonly Bytes[],
): Promise<string[]> {
  const directory = await deps.directory()
  if (directory === undefined) throw new ValveError('not-found', 'This desk is not set up yet.')
  const around = { db: deps.db, desk: directory.desk }
  for (const bytes of documents) await demandHarmless(around, bytes)
  return keepDocuments(deps, documents)
}

/**
 * Before the desk chain takes a release, or its approval: the bytes are here and may be published. Whether they
 * are, the chain says alone; the valve looks again before it writes. `after` is folded, so every signature holds:
 * the answer says what is in a document, and nobody else may ask. Throws `ValveError`.
 */
export async function demandReleasable(
  deps: ValveDeps,
  before: Directory,
  after: Directory,
): Promise<void> {
  const releases: HeadOf<'release'>[] = []
  for (const head of after.statements.values()) {
    const release = head.seq > before.head.seq ? releaseOf(after, head) : undefined
    if (release !== undefined) releases.push(release)
  }
  if (releases.length === 0) return
  const known = await knownTo(deps, before)
  for (const release of releases) await demandOne(deps, after, known, release)
}

function releaseOf(directory: Directory, head: DeskHead): HeadOf<'release'> | undefined {
  const named = head.type === 'approve' ? directory.statements.get(head.what) : head
  return named?.type === 'release' ? named : undefined
}

/** What counts already, and the addresses that stand in it. */
type Known = {
  readonly desk: string
  readonly hashes: Set<string>
  readonly addresses: Set<string>
}

/** Read once for a batch: a directory has thousands of documents. */
async function knownTo(deps: ValveDeps, directory: Directory): Promise<Known> {
  const counting = await countingAt(deps.db, directory, deps.clock())
  const addresses = new Set(deps.addresses.map((address) => address.toLowerCase()))
  for (const each of counting)
    if (/^(?:\.well-known|projects)\//.test(each.path))
      for (const address of mailAddressesIn(await textAt(deps, each))) addresses.add(address)
  return { desk: directory.desk, hashes: new Set(counting.map((each) => each.sha256)), addresses }
}

async function demandOne(
  deps: ValveDeps,
  after: Directory,
  { desk, hashes, addresses }: Known,
  { path, sha256, licence }: HeadOf<'release'>,
): Promise<void> {
  if (!isReleasePath(path))
    throw new ValveError(
      'not-publishable',
      `Nothing is released at ${path}: documents stand in pages/, guides/ and keys/, and projects come by the directory.`,
    )
  if (!isLicence(licence))
    throw new ValveError(
      'not-publishable',
      `${path} names a licence that no page explains: use ${LICENCES.join(', ')}.`,
    )
  const { db } = deps
  const bytes = await demandStored(db, sha256, path)
  const around = { db, desk, addresses }
  await demandPublishable(around, { path, bytes })
  if (documentKind(path) === 'security.txt') {
    demandSound(bytes, deps.clock())
    await demandOurs(bytes, after)
  }
  if (path !== INDEX) return
  for (const [id, project] of indexOf(bytes)) {
    if (hashes.has(project)) continue
    const own = `projects/${id}.json`
    await demandPublishable(around, { path: own, bytes: await demandStored(db, project, own) })
  }
}

/** Only here: one that expires while it is public is for its alarm, and must not stop everything else. */
function demandSound(bytes: Bytes, now: number): void {
  const wrong = checkSecurityTxt(bytes, { now }).findings.find(({ level }) => level === 'error')
  if (wrong !== undefined)
    throw new ValveError('not-publishable', `security.txt, line ${wrong.line}: ${wrong.sentence}`)
}

/** A signature that readers are told to check is one of the desk's newest mail key; an unsigned one says nothing. */
async function demandOurs(bytes: Bytes, { now }: Directory): Promise<void> {
  const text = textOfBytes(bytes)
  if (!looksClearSigned(text)) return
  const newest = now.mail.at(-1)
  try {
    await demandClearSigned(text, newest === undefined ? [] : [newest.cert])
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    throw new ValveError('not-publishable', `security.txt: ${error.message} Sign it anew.`)
  }
}

async function textAt({ db }: ValveDeps, { path, sha256 }: { path: string; sha256: string }) {
  return new TextDecoder().decode(await demandStored(db, sha256, path))
}
