import type { NewStatement, VaultDeposit } from '#contract'
import { type Bytes, bytesOfHex, hexOfBytes, titleOf } from '#lexicon'
import {
  authHash,
  blobHash,
  type CaseHead,
  closeVault,
  type Code,
  newCode,
  newestDeskKey,
  readCertificate,
  readHead,
  receiptKeys,
  sealBody,
  type Signer,
  signerOfSeed,
  slotOf,
  type Statement,
  statementId,
  writeVault,
} from '#seal'
import { newSecretKey, type SecretKey } from '#unseal'
import { composeOne } from './append.ts'
import { ClientError } from './client-error.ts'
import {
  commonHead,
  demandFreshDirectory,
  type DeskView,
  proveJustAccepted,
  refreshDesk,
  verifyAcceptance,
} from './desk-view.ts'
import { persist, type Progress, type Sent, sendFile, type Source } from './upload.ts'

export type NewReport = {
  readonly text: string
  /** A project's name as the reporter writes it; it stands in the sealed text only. */
  readonly project: string | undefined
  readonly files: readonly Source[]
  readonly source: 'cli' | 'web' | 'api'
}

export type FiledReport = {
  /** The receipt's twelve words: shown only now, after the signed receipt verified. */
  readonly words: string
  readonly number: string
  /** The ledger's time. */
  readonly received: string
  /** The case id: the hash of the signed head that names everything that was stored; the receipt signs it. */
  readonly sha256: string
}

/** A report that the desk keeps on disk without a receipt yet: what it takes to ask for the receipt again. */
export type JournaledReport = {
  readonly words: string
  readonly report: NewStatement
  readonly vault: VaultDeposit
}

export type ReportDeps = {
  /** Called when the desk has the report and cannot sign yet; what it keeps is for `resumeReport`. */
  readonly keep?: (pending: JournaledReport) => Promise<void>
  readonly wait: (milliseconds: number) => Promise<void>
  readonly progress: Progress
}

/** How often a report is sealed anew when the desk's people or keys change while it is on its way. */
const TRIES = 4

/**
 * Seals a report on this machine and files it (PROTOCOL 6a). Returns only after the desk's signed
 * receipt verified against the id that was computed here. Throws `Refused` or `ClientError`.
 */
export async function fileReport(
  view: DeskView,
  deps: ReportDeps,
  report: NewReport,
): Promise<FiledReport> {
  const reporter = await newReporter()
  const vault = await depositOf(view.id, reporter)
  let desk = view
  let sent: SentFiles | undefined
  for (let left = TRIES; ; left--) {
    demandFreshDirectory(desk)
    sent = await sendFiles(desk, deps, reporter, report.files, sent)
    const { place, wire } = await sealReport(desk, reporter, report, sent)
    try {
      const receipt = await persist(deps, () => post(desk, wire, vault))
      const dir = desk.directory.head.id
      const { head } = await verifyAcceptance(desk, place.id, { ...place, dir }, receipt)
      // The words are shown only for a report that the ledger holds (PROTOCOL 3).
      await proveJustAccepted(desk, place.id)
      const { number, at: received } = head
      return { words: reporter.code.words, number, received, sha256: place.id }
    } catch (error) {
      if (error instanceof ClientError && error.code === 'journaled')
        await deps.keep?.({ words: reporter.code.words, report: wire, vault })
      // Somebody joined or left the desk meanwhile: what was sealed for the readers of before is made anew.
      if (!(error instanceof ClientError && error.code === 'conflict') || left <= 1) throw error
    }
    desk = await refreshDesk(desk)
  }
}

/** Posts a journaled report again: the same statement gives the same receipt, never a second case. */
export async function resumeReport(
  view: DeskView,
  deps: Pick<ReportDeps, 'wait'>,
  { words, report, vault }: JournaledReport,
): Promise<FiledReport> {
  const id = statementId(report.statement.head)
  const receipt = await persist(deps, () => post(view, report, vault))
  const { dir } = readHead(report.statement, 'case')
  const { head } = await verifyAcceptance(view, id, { id, seq: 0, dir }, receipt)
  await proveJustAccepted(view, id)
  return { words, number: head.number, received: head.at, sha256: id }
}

type SentFiles = { readonly to: string; readonly files: readonly Sent[] }

/** The files, sealed to the desk's newest key and the reporter; again only if that key changed. */
async function sendFiles(
  view: DeskView,
  deps: ReportDeps,
  reporter: Reporter,
  sources: readonly Source[],
  before: SentFiles | undefined,
): Promise<SentFiles> {
  const to = newestDeskKey(view.directory.now)
  if (before?.to === to) return before
  const readers = await readersOf(view, reporter)
  const files: Sent[] = []
  for (const source of sources)
    files.push(await sendFile({ api: view.api, ...deps }, source, readers))
  return { to, files }
}

async function sealReport(
  view: DeskView,
  { signer, key }: Reporter,
  report: NewReport,
  { to, files: sent }: SentFiles,
) {
  const files = sent.map((each) => each.entry)
  const open: CaseHead = {
    ...commonHead(view, '', signer.who, undefined),
    type: 'case.open',
    source: report.source,
    enc: key.cert,
    to,
    body: '',
    files: files.map((file) => file.blob),
  }
  const content = { text: withProject(report), title: titleOf(report.text), files }
  const body = await sealBody(slotOf(open), content, await readersOf(view, { key }))
  return composeOne({
    signer,
    head: { ...open, body: blobHash(body) },
    blobs: [body],
    uploads: sent.map((each) => ({ blob: each.entry.blob, upload: each.upload })),
  })
}

/** The desk and the reporter: whoever writes a report can read it again. */
async function readersOf(view: DeskView, { key }: Pick<Reporter, 'key'>) {
  const epoch = view.directory.now.desk.at(-1)
  if (epoch === undefined)
    throw new ClientError('unavailable', 'This desk has no key yet: nobody could read a report.')
  return [await readCertificate(epoch.cert), await readCertificate(key.cert)]
}

async function post(view: DeskView, report: NewStatement, vault: VaultDeposit): Promise<Statement> {
  const answer = await view.api.call('fileReport', { body: { report, vault } })
  if (answer.receipt !== undefined) return answer.receipt
  throw new ClientError(
    'journaled',
    'The desk has your report on disk but cannot sign its receipt yet. It is not lost. Later, “postern report --resume” with the same --to brings the receipt.',
  )
}

type Reporter = {
  readonly signer: Signer
  readonly seed: Bytes
  readonly key: SecretKey
  readonly code: Code
}

async function newReporter(): Promise<Reporter> {
  const seed = crypto.getRandomValues(new Uint8Array(32))
  const [signer, key] = await Promise.all([signerOfSeed(seed), newSecretKey()])
  return { signer, seed, key, code: newCode() }
}

async function depositOf(desk: string, { signer, seed, key, code }: Reporter) {
  const { lookup, auth, wrap } = receiptKeys(code, desk)
  const bundle = { sign: seed, pgp: key.secret, root: undefined }
  const vault = await closeVault(desk, signer.who, bundle, [
    { kind: 'receipt', id: lookup, key: wrap },
  ])
  const auth_hash = hexOfBytes(authHash(bytesOfHex(auth)))
  return { lookup, auth_hash, vault: writeVault(vault) }
}

function withProject({ project, text }: NewReport): string {
  return project === undefined ? text : `${text.trimEnd()}\n\nProject: ${project}\n`
}
