import { LIMITS, timeOf } from '#lexicon'
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
  slotOf,
} from '#seal'
import { appendToCase, type Composer } from './append.ts'
import { readersOf } from './case-readers.ts'
import type { CaseView } from './case-view.ts'
import { isWritable, keptReaders, newEpoch } from './circles.ts'
import { ClientError } from './client-error.ts'
import type { Desk, Thread, Words } from './desk.ts'
import type { DeskView } from './desk-view.ts'
import { createKeyring } from './keyring.ts'
import { demandUnchanged } from './trust.ts'
import { type Sent, sendFile } from './upload.ts'

/** Seals a message to a thread; makes the epoch first when there is none that may be written to. */
export async function sendMessage(
  desk: Desk,
  within: CaseView,
  thread: Thread,
  words: Words,
): Promise<CaseView> {
  const prepared = await prepare(desk, within, thread, words)
  const done = await appendToCase(prepared.view, prepared.within, (view, current) => [
    messageTo(desk, view, current, thread, prepared.key, words.text, prepared.sent),
  ])
  return done.within
}

export type Prepared = {
  readonly view: DeskView
  readonly within: CaseView
  readonly key: Certificate
  readonly sent: readonly Sent[]
}

/** The epoch is on the chain before a file is sealed to it: an upload must not outlive its readers. */
export async function prepare(
  desk: Desk,
  within: CaseView,
  thread: Thread,
  words: Words,
): Promise<Prepared> {
  if (words.text.length > LIMITS.text)
    throw new ClientError('problem', 'This message is too long: attach it as a file.')
  const ready = await readyThread(desk, within, thread)
  // Somebody else may have let them in: what is sealed to the thread is sealed to them.
  for (const { who } of readersOf(ready.view, ready.within, thread))
    demandUnchanged(ready.view, who)
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

/** The message of a batch, to a thread that `prepare` made ready. */
export function messageTo(
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

async function newestOf(within: CaseView, thread: string): Promise<Certificate> {
  return readCertificate(within.fold.circles.get(thread)?.at(-1)?.cert ?? '')
}

export function deskCertificateOf(view: DeskView): Promise<Certificate> {
  return readCertificate(view.directory.now.desk.at(-1)?.cert ?? '')
}
