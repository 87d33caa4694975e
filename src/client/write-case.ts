import { LIMITS, type Sort, timeOf, titleOf } from '#lexicon'
import {
  blobHash,
  type CaseHead,
  type Certificate,
  isCoordinator,
  newestDeskKey,
  newestEpoch,
  readCertificate,
  Refused,
  sealBody,
  sealLabel,
  slotOf,
} from '#seal'
import { appendToCase, type Composer } from './append.ts'
import type { CaseView } from './case-view.ts'
import { grantEpochs, isWritable, keptReaders, newEpoch } from './circles.ts'
import { ClientError } from './client-error.ts'
import type { DeskView } from './desk-view.ts'
import { createKeyring, type Keyring } from './keyring.ts'
import type { Self } from './self.ts'
import { openBody } from './timeline.ts'
import { type Progress, type Sent, sendFile, type Source } from './upload.ts'

/** What a person needs at hand to write: the verified desk and case, own keys, and the patience to upload. */
export type Desk = {
  readonly view: DeskView
  readonly self: Self
  readonly wait: (milliseconds: number) => Promise<void>
  readonly progress: Progress
}

export type Words = { readonly text: string; readonly files: readonly Source[] }

/** To whom a message goes: the general thread, a project's thread, or the desk alone. */
export type Thread = 'all' | 'desk' | `p-${string}`

/** Seals a message to a thread; makes the epoch first when there is none that may be written to. */
export async function sendMessage(
  desk: Desk,
  within: CaseView,
  thread: Thread,
  words: Words,
): Promise<CaseView> {
  if (words.text.length > LIMITS.text)
    throw new ClientError('problem', 'This message is too long: attach it as a file.')
  const prepared = await prepare(desk, within, thread, words)
  const done = await appendToCase(prepared.view, prepared.within, (view, current) => [
    messageTo(desk, view, current, thread, prepared.key, words.text, prepared.sent),
  ])
  return done.within
}

export async function acknowledge(desk: Desk, within: CaseView): Promise<CaseView> {
  const already = within.fold.acknowledged !== ''
  if (already) return within
  return append(desk, within, { type: 'case.ack' })
}

export function sortCase(desk: Desk, within: CaseView, sort: Sort): Promise<CaseView> {
  return append(desk, within, { type: 'case.sort', sort })
}

/** Closes with a reason that the desk alone reads, in one batch. */
export async function closeCase(desk: Desk, within: CaseView, reason: string): Promise<CaseView> {
  const key = await deskCertificateOf(desk.view)
  const done = await appendToCase(desk.view, within, (view, current) => [
    messageTo(desk, view, current, 'desk', key, reason, []),
    plain(desk.self, { type: 'case.state', state: 'closed', project: '' }),
  ])
  return done.within
}

/**
 * Adds a person to a thread: they get every epoch of it that exists, so they read what was said. A
 * thread without an epoch gets its first one, with them among the readers.
 */
export async function addReader(
  desk: Desk,
  within: CaseView,
  circle: string,
  who: string,
): Promise<CaseView> {
  const at = timeOf(desk.view.clock())
  const epochs = within.fold.circles.get(circle)?.length ?? 0
  const renew = !isWritable(desk.view, within, circle, at)
  const done = await appendToCase(desk.view, within, (view, current) => {
    const keyring = createKeyring(view, desk.self)
    const old = Array.from({ length: epochs }, (_, i) => i + 1)
    const grant = grantEpochs(view, current, desk.self, keyring, circle, old, who)
    const readers = [...new Set([...keptReaders(view, current, circle), who])]
    const epoch = newEpoch(view, current, desk.self, circle, readers)
    return [...(epochs > 0 ? [grant] : []), ...(renew ? [epoch] : [])]
  })
  return done.within
}

/** Removes a person: every thread that they read gets a new epoch without them. They keep what they had. */
export async function removeReader(desk: Desk, within: CaseView, who: string): Promise<CaseView> {
  const done = await appendToCase(desk.view, within, (view, current) =>
    threadsOf(current, who).map((circle) => {
      const readers = keptReaders(view, current, circle).filter((reader) => reader !== who)
      return newEpoch(view, current, desk.self, circle, readers)
    }),
  )
  return done.within
}

/** After a member left the desk: every circle that went stale gets its new epoch at once. */
export async function renewStaleCircles(desk: Desk, within: CaseView): Promise<CaseView> {
  const at = timeOf(desk.view.clock())
  if (within.fold.shred !== '') return within
  const done = await appendToCase(desk.view, within, (view, current) =>
    [...current.fold.circles.keys()]
      .filter((circle) => !isWritable(view, current, circle, at))
      .map((circle) =>
        newEpoch(view, current, desk.self, circle, keptReaders(view, current, circle)),
      ),
  )
  return done.within
}

/** The first coordinator's client that opens an unlabelled report gives it its title. */
export async function labelCase(desk: Desk, within: CaseView, keyring: Keyring): Promise<CaseView> {
  const opening = [...within.fold.statements.values()][0]
  if (opening?.type !== 'case.open') return within
  const body = await openBody(desk.view, within, desk.self, keyring, opening)
  const title = body.title === '' ? titleOf(body.text) : body.title
  return titleCase(desk, within, keyring, title)
}

async function titleCase(
  desk: Desk,
  within: CaseView,
  keyring: Keyring,
  title: string,
): Promise<CaseView> {
  const done = await appendToCase(desk.view, within, (view) => [
    async (place) => {
      const to = newestDeskKey(view.directory.now)
      const epoch = view.directory.now.desk.length
      const none = { epoch, blob: '' }
      const head = {
        ...place(desk.self.signer),
        type: 'case.title' as const,
        to,
        label: none,
        body: '',
      }
      const slot = slotOf(head)
      const label = await sealLabel(await keyring.labelKeyOf(epoch), slot, title)
      const certificate = await deskCertificateOf(view)
      const body = await sealBody(slot, { text: '', title, files: [] }, [certificate])
      return {
        signer: desk.self.signer,
        head: { ...head, label: { epoch, blob: blobHash(label) }, body: blobHash(body) },
        blobs: [label, body],
      }
    },
  ])
  return done.within
}

type Prepared = {
  readonly view: DeskView
  readonly within: CaseView
  readonly key: Certificate
  readonly sent: readonly Sent[]
}

/** The epoch is on the chain before a file is sealed to it: an upload must not outlive its readers. */
async function prepare(
  desk: Desk,
  within: CaseView,
  thread: Thread,
  words: Words,
): Promise<Prepared> {
  const ready = await readyThread(desk, within, thread)
  const sent: Sent[] = []
  const deps = { api: desk.view.api, wait: desk.wait, progress: desk.progress }
  for (const file of words.files) sent.push(await sendFile(deps, file, [ready.key]))
  return { ...ready, sent }
}

async function readyThread(desk: Desk, within: CaseView, thread: Thread) {
  if (thread === 'desk') {
    if (!isCoordinator(desk.view.directory.now, desk.self.signer.who))
      throw new ClientError('no-reader', 'Only coordinators write notes to the desk.')
    return { view: desk.view, within, key: await deskCertificateOf(desk.view) }
  }
  const at = timeOf(desk.view.clock())
  let ready = { view: desk.view, within }
  const sound = await isSound(desk, within, thread, at)
  if (!sound)
    ready = await appendToCase(desk.view, within, (view, current) =>
      newestEpoch(current.fold, thread) !== newestEpoch(within.fold, thread)
        ? []
        : [newEpoch(view, current, desk.self, thread, keptReaders(view, current, thread))],
    )
  const cert = ready.within.fold.circles.get(thread)?.at(-1)?.cert ?? ''
  return { ...ready, key: await readCertificate(cert) }
}

/**
 * May this thread be written to: it is fresh, and its key is in my wrap. A reader can make an epoch whose
 * wraps hold nothing (N23): who sealed to it would speak to its maker alone. A coordinator renews it.
 */
async function isSound(desk: Desk, within: CaseView, thread: Thread, at: string): Promise<boolean> {
  const newest = newestEpoch(within.fold, thread)
  if (newest === undefined || !isWritable(desk.view, within, thread, at)) return false
  try {
    await createKeyring(desk.view, desk.self).keyOf(newest, within)
    return true
  } catch (error) {
    const renews = isCoordinator(desk.view.directory.now, desk.self.signer.who)
    if (renews && error instanceof Refused) return false
    throw error
  }
}

function messageTo(
  desk: Desk,
  view: DeskView,
  within: CaseView,
  thread: Thread,
  key: Certificate,
  text: string,
  sent: readonly Sent[],
): Composer<CaseHead> {
  return async (place) => {
    const newest =
      thread === 'desk' ? newestDeskKey(view.directory.now) : newestEpoch(within.fold, thread)
    const current =
      thread === 'desk' ? await deskCertificateOf(view) : await newestOf(within, thread)
    // Files were sealed to `key`: a newer epoch has other readers, so the whole message is made anew.
    if (newest === undefined || current.base64 !== key.base64)
      throw new ClientError('problem', 'The readers changed while you wrote. Send it again.')
    const files = sent.map((each) => each.entry)
    const head = {
      ...place(desk.self.signer),
      type: 'case.message' as const,
      to: newest,
      files: files.map((file) => file.blob),
      reply: '',
      body: '',
    }
    const body = await sealBody(slotOf(head), { text, title: '', files }, [key])
    return {
      signer: desk.self.signer,
      head: { ...head, body: blobHash(body) },
      blobs: [body],
      uploads: sent.map((each) => ({ blob: each.entry.blob, upload: each.upload })),
    }
  }
}

type PlainHead = { readonly type: CaseHead['type'] } & Readonly<Record<string, unknown>>

function plain(self: Self, fields: PlainHead): Composer<CaseHead> {
  return async (place) => ({
    signer: self.signer,
    head: { ...place(self.signer), ...fields } as CaseHead,
    blobs: [],
  })
}

async function append(desk: Desk, within: CaseView, fields: PlainHead): Promise<CaseView> {
  const done = await appendToCase(desk.view, within, () => [plain(desk.self, fields)])
  return done.within
}

function threadsOf(within: CaseView, who: string): readonly string[] {
  return [...within.fold.circles]
    .filter(([, epochs]) => epochs.at(-1)?.readers.includes(who) === true)
    .map(([circle]) => circle)
}

async function newestOf(within: CaseView, thread: string): Promise<Certificate> {
  return readCertificate(within.fold.circles.get(thread)?.at(-1)?.cert ?? '')
}

function deskCertificateOf(view: DeskView): Promise<Certificate> {
  return readCertificate(view.directory.now.desk.at(-1)?.cert ?? '')
}
