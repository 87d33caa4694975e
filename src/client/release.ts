import { type Bytes, isContactFact, isReleasePath, type Licence, timeOf, type Time } from '#lexicon'
import {
  type DeskHead,
  type HeadOf,
  isCoordinator,
  isSamePerson,
  type Release,
  type Releases,
  releasesAt,
} from '#seal'
import { appendToDesk, type Composer } from './append.ts'
import { ClientError } from './client-error.ts'
import type { DeskView } from './desk-view.ts'
import { fetchDocument, putDocuments } from './documents.ts'
import type { Self } from './self.ts'

/** What counts now, by path; what comes later; what can never count. */
export function releasesOf(view: DeskView): Releases {
  return releasesAt(view.directory, view.clock())
}

/** What counts now, by path. */
export function releasedNow(view: DeskView): ReadonlyMap<string, Release> {
  return releasesOf(view).now
}

export type WaitingRelease = HeadOf<'release'> & { readonly id: string }

/** Releases that wait for a second person, oldest first. */
export function waitingReleases({ directory }: DeskView): readonly WaitingRelease[] {
  const waiting: WaitingRelease[] = []
  for (const id of directory.pending) {
    const head = directory.statements.get(id)
    if (head?.type === 'release') waiting.push({ ...head, id })
  }
  return waiting
}

export type ReleaseWish = {
  readonly path: string
  readonly bytes: Bytes
  readonly licence: Licence
  /** At once, when nothing is said. */
  readonly notBefore?: Time | undefined
}

export type ReleaseDone = {
  readonly view: DeskView
  readonly id: string
  /** It waits for a second person. */
  readonly waits: boolean
}

/** Before every clock: at once. */
const AT_ONCE = timeOf(0)

/**
 * Brings the bytes, and `also` (documents that this one names by hash), and signs that they shall be
 * published. A contact fact counts at once, everything else by `approveRelease` of a second person.
 */
export async function releaseDocuments(
  view: DeskView,
  self: Self,
  { release, also = [] }: { readonly release: ReleaseWish; readonly also?: readonly Bytes[] },
): Promise<ReleaseDone> {
  const { path, bytes, licence, notBefore = AT_ONCE } = release
  if (!isReleasePath(path))
    throw new ClientError(
      'document',
      `No document is released at ${path}: a place is like guides/reporters.md, and a project comes by the directory.`,
    )
  demandCoordinator(view, self)
  const seen = releasedNow(view).get(path)
  const [sha256 = ''] = await putDocuments(view.api, [bytes, ...also])
  if (seen?.sha256 === sha256 && seen.licence === licence)
    return { view, id: seen.id, waits: false }
  const doc = seen?.id ?? ''
  const own = { type: 'release', path, sha256, licence, not_before: notBefore, doc } as const
  const next = await appendToDesk(view, (desk) => {
    demandSeen(desk, own)
    return [only(self, own)]
  })
  const id = newestBy(next, self, own)
  return { view: next, id, waits: !isContactFact(path) }
}

/** A release with the bytes that it names: what a person looks at before they approve it. */
export type OpenedRelease = {
  readonly id: string
  readonly head: HeadOf<'release'>
  readonly bytes: Bytes
  /** What counts at this path now; these bytes come in its place. */
  readonly before: { readonly release: Release; readonly bytes: Bytes } | undefined
}

export async function openRelease(view: DeskView, id: string): Promise<OpenedRelease> {
  const head = releaseHead(view, id)
  const release = releasedNow(view).get(head.path)
  const bytes = await fetchDocument(view.api, head.sha256)
  if (release === undefined || release.id === id) return { id, head, bytes, before: undefined }
  const before = { release, bytes: await fetchDocument(view.api, release.sha256) }
  return { id, head, bytes, before }
}

/**
 * The second signature. `sha256` is of the bytes that the person was shown: nobody approves what they did
 * not look at.
 */
export async function approveRelease(
  view: DeskView,
  self: Self,
  { id, sha256 }: { readonly id: string; readonly sha256: string },
): Promise<DeskView> {
  demandCoordinator(view, self)
  return appendToDesk(view, (desk) => {
    const head = releaseHead(desk, id)
    if (!desk.directory.pending.has(id))
      throw new ClientError('not-found', 'This release does not wait for a second person.')
    if (head.sha256 !== sha256)
      throw new ClientError('conflict', 'These are not the bytes that this release names.')
    if (isSamePerson(desk.directory.now, self.signer.who, head.by))
      throw new ClientError('document', 'You released this: a second person must approve it.')
    demandSeen(desk, head)
    return [only(self, { type: 'approve', what: id })]
  })
}

/** Takes back what waits, or ends what counts. Nothing comes in its place. */
export async function withdrawRelease(view: DeskView, self: Self, id: string): Promise<DeskView> {
  demandCoordinator(view, self)
  return appendToDesk(view, (desk) => {
    releaseHead(desk, id)
    const { pending, approved } = desk.directory
    if (!pending.has(id) && !approved.has(id))
      throw new ClientError('not-found', 'This release was withdrawn before.')
    return [only(self, { type: 'withdraw', what: id })]
  })
}

function releaseHead(view: DeskView, id: string): HeadOf<'release'> {
  const head = view.directory.statements.get(id)
  if (head?.type === 'release') return head
  throw new ClientError('not-found', 'There is no release with this id.')
}

/** Else every reader would refuse it: whoever signed had not seen what is there. */
function demandSeen(desk: DeskView, { path, doc }: { path: string; doc: string }): void {
  if ((releasedNow(desk).get(path)?.id ?? '') === doc) return
  throw new ClientError(
    'document',
    `Another version of ${path} was published or withdrawn meanwhile: look at it, then release yours anew.`,
  )
}

function demandCoordinator(view: DeskView, self: Self): void {
  if (isCoordinator(view.directory.now, self.signer.who)) return
  throw new ClientError('not-allowed', 'Only coordinators release documents.')
}

type Own =
  | Pick<HeadOf<'release'>, 'type' | 'path' | 'sha256' | 'licence' | 'not_before' | 'doc'>
  | Pick<HeadOf<'approve' | 'withdraw'>, 'type' | 'what'>

function only(self: Self, own: Own): Composer<DeskHead> {
  return async (place) => ({
    signer: self.signer,
    head: { ...place(self.signer), ...own },
    blobs: [],
  })
}

/** The statement that this client appended just now. */
function newestBy(view: DeskView, self: Self, own: { path: string; sha256: string }): string {
  const made = [...view.directory.statements].findLast(
    ([, head]) =>
      head.type === 'release' &&
      head.by === self.signer.who &&
      head.path === own.path &&
      head.sha256 === own.sha256,
  )
  return made?.[0] ?? ''
}
