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
  receiptKeys,
  sealBody,
  type Signer,
  signerOfSeed,
  slotOf,
  writeVault,
} from '#seal'
import { newSecretKey, type SecretKey } from '#unseal'
import { composeOne } from './append.ts'
import { ClientError } from './client-error.ts'
import { commonHead, demandFreshDirectory, type DeskView, verifyAcceptance } from './desk-view.ts'
import { persist, type Progress, sendFile, type Source } from './upload.ts'

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

export type ReportDeps = {
  readonly wait: (milliseconds: number) => Promise<void>
  readonly progress: Progress
}

/**
 * Seals a report on this machine and files it (PROTOCOL 6a). Returns only after the desk's signed
 * receipt verified against the id that was computed here. Throws `Refused` or `ClientError`.
 */
export async function fileReport(
  view: DeskView,
  deps: ReportDeps,
  report: NewReport,
): Promise<FiledReport> {
  demandFreshDirectory(view)
  const { signer, seed, key, code } = await newReporter()
  const to = newestDeskKey(view.directory.now)
  const epoch = view.directory.now.desk.at(-1)
  if (epoch === undefined)
    throw new ClientError('unavailable', 'This desk has no key yet: nobody could read a report.')
  const readers = [await readCertificate(epoch.cert), await readCertificate(key.cert)]
  const sent = []
  for (const file of report.files)
    sent.push(await sendFile({ api: view.api, ...deps }, file, readers))
  const files = sent.map((each) => each.entry)
  const place = commonHead(view, '', signer.who, undefined)
  const open: CaseHead = {
    ...place,
    type: 'case.open',
    source: report.source,
    enc: key.cert,
    to,
    body: '',
    files: files.map((file) => file.blob),
  }
  const text = withProject(report)
  const body = await sealBody(slotOf(open), { text, title: titleOf(report.text), files }, readers)
  const { place: made, wire } = await composeOne({
    signer,
    head: { ...open, body: blobHash(body) },
    blobs: [body],
    uploads: sent.map((each) => ({ blob: each.entry.blob, upload: each.upload })),
  })
  const vault = await depositOf(view.id, { signer, seed, key, code })
  const receipt = await persist(deps, async () => {
    const answer = await view.api.call('fileReport', { body: { report: wire, vault } })
    if (answer.receipt !== undefined) return answer.receipt
    const message =
      'The desk has your report on disk but cannot sign its receipt yet. It was not lost; send it again later to get a receipt.'
    throw new ClientError('journaled', message)
  })
  const { head } = await verifyAcceptance(view, made.id, made, receipt)
  return { words: code.words, number: head.number, received: head.at, sha256: made.id }
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
