import type { NewStatement } from '#contract'
import { titleOf } from '#lexicon'
import { blobHash, type CaseHead, isCoordinator, newestDeskKey, sealBody, slotOf } from '#seal'
import { composeOne } from './append.ts'
import { type CaseView, openCase } from './case-view.ts'
import { ClientError } from './client-error.ts'
import { commonHead, demandFreshDirectory, type DeskView, refreshDesk } from './desk-view.ts'
import { createKeyring } from './keyring.ts'
import { postReport } from './post-report.ts'
import { labelCase } from './title-case.ts'
import { type Sent, sendFile, type Source } from './upload.ts'
import type { Desk } from './desk.ts'
import { deskCertificateOf } from './write-case.ts'

export type NewAssessment = {
  /** Made from the text where it is left out. */
  readonly title?: string | undefined
  readonly text: string
  readonly files: readonly Source[]
}

const TRIES = 4

/** What was signed and posted already, for whoever asks again after an answer that did not come. */
export type Posting = { wire?: NewStatement; readonly files: SentFiles[] }

export function newPosting(): Posting {
  return { files: [] }
}

/**
 * A case about something that a coordinator looks into by themself: sealed to the desk, without a reporter
 * and without a clock (decision 0009). Returns the verified case. Throws `Refused` or `ClientError`. Asked
 * again with the same `posting`, it posts the same statement, which is one case however often it arrives.
 */
export async function openAssessment(
  desk: Desk,
  assessment: NewAssessment,
  posting = newPosting(),
): Promise<CaseView> {
  if (!isCoordinator(desk.view.directory.now, desk.self.signer.who))
    throw new ClientError('not-allowed', 'Only a coordinator opens an assessment.')
  const { view, id } = await post(desk, assessment, posting)
  const opened = { ...desk, view: await refreshDesk(view) }
  const within = await openCase(opened.view, id)
  return labelCase(opened, within, createKeyring(opened.view, desk.self))
}

async function post(
  desk: Desk,
  assessment: NewAssessment,
  posting: Posting,
): Promise<{ readonly view: DeskView; readonly id: string }> {
  let { view } = desk
  for (let left = TRIES; ; left--) {
    demandFreshDirectory(view)
    const asked = posting.wire !== undefined
    const now = { ...desk, view }
    const to = newestDeskKey(view.directory.now)
    if (posting.wire === undefined) {
      const known = posting.files.find((each) => each.to === to)
      const sent = known ?? { to, files: await sendFiles(now, assessment.files) }
      if (known === undefined) posting.files.push(sent)
      posting.wire = (await sealAssessment(now, assessment, sent)).wire
    }
    try {
      const { id } = await postReport(view, desk, posting.wire)
      return { view, id }
    } catch (error) {
      // The desk's keys changed meanwhile, or nobody asked for an hour: sealed anew, to the newest.
      if (!isConflict(error) && !(asked && isTooOld(error))) throw error
      // Both say that it was not filed: the same statement once filed has its receipt.
      delete posting.wire
      if (left <= 1) throw error
    }
    view = await refreshDesk(view)
  }
}

function isConflict(error: unknown): boolean {
  return error instanceof ClientError && error.code === 'conflict'
}

/** F9. Of what was signed just now it says that this machine's clock is wrong, and signing again mends nothing. */
function isTooOld(error: unknown): boolean {
  return error instanceof ClientError && error.problem?.check === 'F9'
}

type SentFiles = { readonly to: string; readonly files: readonly Sent[] }

async function sendFiles(desk: Desk, sources: readonly Source[]): Promise<readonly Sent[]> {
  const key = await deskCertificateOf(desk.view)
  const deps = { api: desk.view.api, wait: desk.wait, progress: desk.progress }
  const sent: Sent[] = []
  for (const source of sources) sent.push(await sendFile(deps, source, [key]))
  return sent
}

async function sealAssessment(
  { view, self }: Desk,
  { title, text }: NewAssessment,
  { to, files: sent }: SentFiles,
) {
  const files = sent.map((each) => each.entry)
  const open: CaseHead = {
    ...commonHead(view, '', self.signer.who, undefined),
    type: 'case.open',
    source: 'assessment',
    enc: '',
    to,
    body: '',
    files: files.map((file) => file.blob),
  }
  const content = { text, title: titleOf(title ?? text), files }
  const body = await sealBody(slotOf(open), content, [await deskCertificateOf(view)])
  return composeOne({
    signer: self.signer,
    head: { ...open, body: blobHash(body) },
    blobs: [body],
    uploads: sent.map((each) => ({ blob: each.entry.blob, upload: each.upload })),
  })
}
