import { LIMITS, titleOf } from '#lexicon'
import { blobHash, type CaseHead, newestDeskKey, readCertificate, sealBody, slotOf } from '#seal'
import { composeOne } from './append.ts'
import { ClientError } from './client-error.ts'
import { commonHead, demandFreshDirectory, type DeskView, refreshDesk } from './desk-view.ts'
import { depositOf, newReporter, type Reporter } from './new-reporter.ts'
import { type FiledReport, resumeReport, type SealedReport } from './post-report.ts'
import { type ReportFacts, withFacts } from './report-facts.ts'
import { type Progress, type Sent, sendFile, type Source } from './upload.ts'

export type DraftDeps = {
  /** Called when the desk has the report and cannot sign yet; what it keeps is for `resumeReport`. */
  readonly keep?: (pending: SealedReport) => Promise<void>
  readonly wait: (milliseconds: number) => Promise<void>
}

/** What a reporter says. The files are in the draft. */
export type ReportWords = {
  readonly text: string
  readonly facts: ReportFacts
  readonly source: 'cli' | 'web' | 'api'
}

/** A file of a report that is being written. */
export type Attachment = { readonly source: Source; readonly progress: Progress }

/**
 * A report while its author writes: their fresh keys, and the files that are at the desk already. Lives
 * in memory only; the words of its code are nobody's before `fileDraft` returns them.
 */
export type ReportDraft = {
  readonly deps: DraftDeps
  /** The newest that was verified. */
  view: DeskView
  reporter: Reporter
  /** In their order; `undefined` while one is on its way. */
  readonly files: Map<Attachment, HeldFile | undefined>
  /** What was posted, and of what: its answer may have been lost. */
  posted: Posted | undefined
}

type HeldFile = { readonly sent: Sent; readonly readers: string }
type Posted = { readonly of: string; readonly sealed: SealedReport }

/** How often a report is sealed anew when the desk's people or keys change while it is on its way. */
const TRIES = 4

/** Makes the reporter's keys, so that files can be sealed while the person types (PROTOCOL 4.3). */
export async function openReportDraft(view: DeskView, deps: DraftDeps): Promise<ReportDraft> {
  const reporter = await newReporter()
  return { deps, view, reporter, files: new Map(), posted: undefined }
}

/**
 * Seals a file to the desk and the reporter and sends it. It belongs to the report when this returns. A
 * raised signal ends it with the signal's reason; then the report is without it.
 */
export async function attachToDraft(
  draft: ReportDraft,
  source: Source,
  progress: Progress,
  signal?: AbortSignal,
): Promise<Attachment> {
  const attachment = { source, progress }
  if (draft.files.size >= LIMITS.filesPerMessage)
    throw new ClientError(
      'problem',
      `At most ${LIMITS.filesPerMessage} files go with one report: put them into an archive.`,
    )
  draft.files.set(attachment, undefined)
  try {
    const held = await hold(draft, attachment, signal)
    // Removed meanwhile: it stays removed.
    if (draft.files.has(attachment)) draft.files.set(attachment, held)
    return attachment
  } catch (error) {
    draft.files.delete(attachment)
    throw error
  }
}

/** Takes a file out of the report again. What the desk has of it opens for nobody, and is swept after a day. */
export function removeFromDraft(draft: ReportDraft, attachment: Attachment): void {
  draft.files.delete(attachment)
}

/**
 * Seals the report and files it (PROTOCOL 6a). Files go again only if the desk's key changed since, or the
 * desk swept them. Returns only after the desk's signed receipt verified against the id that was computed
 * here. After a failure it may be called again: a report that is at the desk already, though its answer
 * was lost, is not filed twice. Throws `Refused` or `ClientError`.
 */
export async function fileDraft(draft: ReportDraft, words: ReportWords): Promise<FiledReport> {
  const whole = withFacts(words.text, words.facts)
  if (whole.length > LIMITS.text)
    throw new ClientError('problem', 'This report is too long: attach the rest as a file.')
  if ([...draft.files.values()].includes(undefined))
    throw new ClientError('problem', 'A file is still on its way: wait for it, or remove it.')
  for (let left = TRIES; ; left--) {
    demandFreshDirectory(draft.view)
    const { sealed, again } = await sealedOnce(draft, words, whole)
    try {
      return await resumeReport(draft.view, draft.deps, sealed)
    } catch (error) {
      if (!(error instanceof ClientError)) throw error
      if (error.code === 'journaled') await draft.deps.keep?.(sealed)
      if (!mayComposeAnew(draft, error, again) || left <= 1) throw error
    }
    draft.posted = undefined
    draft.view = await refreshDesk(draft.view)
  }
}

/** The desk said that it has nothing of this report, for a reason that passes when it is made anew. */
function mayComposeAnew(draft: ReportDraft, error: ClientError, again: boolean): boolean {
  if (error.problem?.code === 'incomplete') {
    for (const [attachment, file] of draft.files)
      if (file !== undefined) draft.files.set(attachment, { ...file, readers: '' })
    return true
  }
  // Somebody joined or left the desk meanwhile; or this was signed long ago and never came in.
  return error.code === 'conflict' || (again && error.code === 'refused')
}

/** The same report is the same statement: were it composed again, it would be a second case. */
async function sealedOnce(
  draft: ReportDraft,
  words: ReportWords,
  whole: string,
): Promise<{ readonly sealed: SealedReport; readonly again: boolean }> {
  const { posted } = draft
  const nameNow = () => {
    const uploads = [...draft.files.values()].map((file) => file?.sent.upload ?? '')
    return JSON.stringify([whole, words.source, uploads])
  }
  if (posted?.of === nameNow()) return { sealed: posted.sealed, again: true }
  // What was posted before may have this receipt code for itself: other words get other keys.
  if (posted !== undefined) draft.reporter = await newReporter()
  for (const [attachment, file] of draft.files)
    if (file?.readers !== readersName(draft))
      draft.files.set(attachment, await hold(draft, attachment))
  const sealed = await sealReport(draft, words, whole)
  draft.posted = { of: nameNow(), sealed }
  return { sealed, again: false }
}

async function hold(
  draft: ReportDraft,
  { source, progress }: Attachment,
  signal?: AbortSignal,
): Promise<HeldFile> {
  const { view, deps } = draft
  demandFreshDirectory(view)
  const readers = readersName(draft)
  const upload = { api: view.api, wait: deps.wait, progress, signal }
  return { sent: await sendFile(upload, source, await readersOf(draft)), readers }
}

async function sealReport(
  draft: ReportDraft,
  { text, source }: ReportWords,
  whole: string,
): Promise<SealedReport> {
  const { view, reporter } = draft
  const { signer, key } = reporter
  const sent = [...draft.files.values()].flatMap((file) => (file === undefined ? [] : [file.sent]))
  const files = sent.map((each) => each.entry)
  const open: CaseHead = {
    ...commonHead(view, '', signer.who, undefined),
    type: 'case.open',
    source,
    enc: key.cert,
    to: newestDeskKey(view.directory.now),
    body: '',
    files: files.map((file) => file.blob),
  }
  const content = { text: whole, title: titleOf(text), files }
  const body = await sealBody(slotOf(open), content, await readersOf(draft))
  const { wire } = await composeOne({
    signer,
    head: { ...open, body: blobHash(body) },
    blobs: [body],
    uploads: sent.map((each) => ({ blob: each.entry.blob, upload: each.upload })),
  })
  return { words: reporter.code.words, report: wire, vault: await depositOf(view.id, reporter) }
}

/** The desk and the reporter: whoever writes a report can read it again. */
async function readersOf({ view, reporter }: ReportDraft) {
  const epoch = view.directory.now.desk.at(-1)
  if (epoch === undefined)
    throw new ClientError('unavailable', 'This desk has no key yet: nobody could read a report.')
  return [await readCertificate(epoch.cert), await readCertificate(reporter.key.cert)]
}

function readersName({ view, reporter }: ReportDraft): string {
  return `${newestDeskKey(view.directory.now)} ${reporter.signer.who}`
}
