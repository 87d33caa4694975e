import { createHash } from 'node:crypto'
import type { NewStatement, VaultDeposit } from '#contract'
import { type Bytes, bytesOfHex, hexOfBytes, timeOf } from '#lexicon'
import {
  authHash,
  blobHash,
  blobHashOfPieces,
  closeVault,
  type Code,
  type FileEntry,
  type HeadOf,
  labelKey,
  newCode,
  type Piece,
  type Place,
  readCertificate,
  receiptKeys,
  sealBody,
  sealFile,
  sealLabel,
  type Signer,
  signStatement,
  slotOf,
  statementId,
  writeVault,
} from '#seal'
import { newSecretKey, type SecretKey } from '#unseal'
import {
  type Actor,
  certOf,
  delivery,
  keyOf,
  newActor,
  type Own,
  seedOf,
  type World,
  wrapsFor,
} from './world.ts'

/* Reports and statements of cases, as clients would post them. */

/** A case as its author knows it. Each draft moves the tail; a copy of this is another author's view. */
export type CaseDraft = {
  readonly id: string
  tail: Place
  readonly reporter: Actor
  readonly keys: Map<string, SecretKey>
}

export type ReportDraft = {
  readonly draft: CaseDraft
  readonly code: Code
  readonly request: { readonly report: NewStatement; readonly vault?: VaultDeposit }
}

type Sealable = { readonly text: string; readonly title?: string; readonly files?: FileEntry[] }

/** A report as a reporter's client posts it. `api` without a way back leaves out keys and vault. */
export async function newReport(
  world: World,
  {
    name = 'Reporter 1',
    body = { text: 'A buffer is read behind its end.' },
    files = [],
    source = 'cli',
    change = {},
  }: {
    readonly name?: string
    readonly body?: Sealable
    readonly files?: readonly UploadedFile[]
    readonly source?: 'cli' | 'web' | 'api'
    /** Fields of the head to be other than they should. */
    readonly change?: Partial<HeadOf<'case.open'>>
  } = {},
): Promise<ReportDraft> {
  const reporter = await newActor(name)
  const enc = source === 'api' ? '' : reporter.key.cert
  const to = `desk/${world.directory.now.desk.length}`
  const open = {
    v: 1 as const,
    type: 'case.open' as const,
    desk: world.desk,
    chain: '',
    seq: 0,
    prev: '',
    by: reporter.signer.who,
    at: timeOf(world.now),
    dir: world.directory.head.id,
    log: '',
    source,
    enc,
    to,
    files: files.map((file) => file.entry.blob),
    ...change,
  }
  const certs = [certOf(world.keys, to), ...(enc === '' ? [] : [enc])]
  const sealed = await sealFor(slotOf(open), body, files, certs)
  const statement = await signStatement(reporter.signer, { ...open, body: blobHash(sealed) })
  const id = statementId(statement.head)
  const code = newCode()
  const report = delivery(statement, [sealed], uploadsOf(files))
  const draft = { id, tail: { id, seq: 0 }, reporter, keys: new Map() }
  if (enc === '') return { draft, code, request: { report } }
  const { vault } = await depositOf(world, reporter, code)
  return { draft, code, request: { report, vault } }
}

/** What a coordinator opens by themself; or anybody else, who should not. */
export async function newAssessment(
  world: World,
  by: Signer,
  change: Partial<HeadOf<'case.open'>> = {},
) {
  const to = `desk/${world.directory.now.desk.length}`
  const first = { v: 1, desk: world.desk, chain: '', seq: 0, prev: '', log: '' } as const
  const open = {
    ...first,
    by: by.who,
    at: timeOf(world.now),
    dir: world.directory.head.id,
    type: 'case.open' as const,
    source: 'assessment' as const,
    enc: '',
    to,
    files: [],
    ...change,
  }
  const body = { text: 'Something to look into.' }
  const certs = [certOf(world.keys, to), ...(open.enc === '' ? [] : [open.enc])]
  const sealed = await sealFor(slotOf(open), body, [], certs)
  const statement = await signStatement(by, { ...open, body: blobHash(sealed) })
  const draft = { id: statementId(statement.head) }
  return { draft, request: { report: delivery(statement, [sealed]) } }
}

/** A statement for a case without blobs, or with blobs that are at hand. */
export async function caseStatement(
  world: World,
  draft: CaseDraft,
  by: Signer,
  own: Own,
  blobs: readonly Bytes[] = [],
  files: readonly UploadedFile[] = [],
): Promise<NewStatement> {
  const statement = await signStatement(by, { ...place(world, draft, by), ...own })
  draft.tail = { id: statementId(statement.head), seq: draft.tail.seq + 1 }
  return delivery(statement, blobs, uploadsOf(files))
}

/** A new epoch of a circle, wrapped to the newest desk key and to these readers. */
export async function newCircle(
  world: World,
  draft: CaseDraft,
  by: Signer,
  circle: string,
  epoch: number,
  readers: readonly Actor[],
): Promise<NewStatement> {
  const key = await newSecretKey()
  const desk = `desk/${world.directory.now.desk.length}`
  const all = [
    { to: desk, cert: certOf(world.keys, desk) },
    ...readers.map(({ signer, key: { cert } }) => ({ to: signer.who, cert })),
  ]
  const own = { type: 'case.key' as const, circle, epoch, cert: key.cert }
  const slot = slotOf({ ...place(world, draft, by), ...own })
  const { wraps, blobs } = await wrapsFor(slot, key, epoch, all)
  draft.keys.set(`${circle}/${epoch}`, key)
  return caseStatement(world, draft, by, { ...own, wraps }, blobs)
}

/** Gives these epochs of a circle to one more reader. */
export async function grantCircle(
  world: World,
  draft: CaseDraft,
  by: Signer,
  circle: string,
  epochs: readonly number[],
  reader: Actor,
): Promise<NewStatement> {
  const own = { type: 'case.grant' as const, circle }
  const slot = slotOf({ ...place(world, draft, by), ...own })
  const to = [{ to: reader.signer.who, cert: reader.key.cert }]
  const made = await Promise.all(
    epochs.map((epoch) => wrapsFor(slot, keyOf(draft.keys, `${circle}/${epoch}`), epoch, to)),
  )
  const wraps = made.flatMap((one) => one.wraps)
  return caseStatement(
    world,
    draft,
    by,
    { ...own, wraps },
    made.flatMap((one) => one.blobs),
  )
}

/** A message sealed to a key of the case, or to the desk's. */
export async function caseMessage(
  world: World,
  draft: CaseDraft,
  by: Signer,
  to: string,
  body: Sealable,
  files: readonly UploadedFile[] = [],
): Promise<NewStatement> {
  const own = {
    type: 'case.message' as const,
    to,
    reply: '',
    files: files.map((file) => file.entry.blob),
  }
  const slot = slotOf({ ...place(world, draft, by), ...own })
  const cert = certOf(to.startsWith('desk/') ? world.keys : draft.keys, to)
  const sealed = await sealFor(slot, body, files, [cert])
  return caseStatement(world, draft, by, { ...own, body: blobHash(sealed) }, [sealed], files)
}

/** A title and its label under the newest desk key. */
export async function caseTitle(
  world: World,
  draft: CaseDraft,
  by: Signer,
  title: string,
): Promise<NewStatement> {
  const epoch = world.directory.now.desk.length
  const to = `desk/${epoch}`
  const own = { type: 'case.title' as const, to }
  const slot = slotOf({ ...place(world, draft, by), ...own })
  const body = await sealFor(slot, { text: '', title }, [], [certOf(world.keys, to)])
  const key = labelKey(keyOf(world.keys, to).secret, world.desk)
  const label = await sealLabel(key, slot, title)
  const named = { label: { epoch, blob: blobHash(label) }, body: blobHash(body) }
  return caseStatement(world, draft, by, { ...own, ...named }, [body, label])
}

/** A sealed file: its pieces to put into an upload, and what the message says of it. */
export type UploadedFile = {
  readonly entry: FileEntry
  readonly pieces: readonly Piece[]
  /** Set by whoever uploads the pieces. */
  upload: string
}

export async function sealedFile(
  content: Bytes,
  name: string,
  certs: readonly string[],
): Promise<UploadedFile> {
  const nonce = createHash('sha256').update(name).digest('hex')
  const readers = await Promise.all(certs.map(readCertificate))
  const source = async function* () {
    yield content
  }
  const pieces: Piece[] = []
  for await (const piece of sealFile(source(), content.length, nonce, readers)) pieces.push(piece)
  const blob = blobHashOfPieces(pieces.map((piece) => piece.sha256))
  const sha256 = createHash('sha256').update(content).digest('hex')
  const type = 'application/octet-stream'
  const entry = { blob, nonce, name, type, size: content.length, sha256 }
  return { entry, pieces, upload: '' }
}

function uploadsOf(files: readonly UploadedFile[]): NewStatement['uploads'] {
  return files.map(({ entry, upload }) => ({ blob: entry.blob, upload }))
}

function place(world: World, draft: CaseDraft, by: Signer) {
  const { id, tail } = draft
  const chain = { v: 1, desk: world.desk, chain: id, seq: tail.seq + 1, prev: tail.id } as const
  return { ...chain, by: by.who, at: timeOf(world.now), dir: world.directory.head.id, log: '' }
}

async function sealFor(
  slot: Bytes,
  { text, title = '' }: Sealable,
  files: readonly UploadedFile[],
  certs: readonly string[],
): Promise<Bytes> {
  const readers = await Promise.all(certs.map(readCertificate))
  return sealBody(slot, { text, title, files: files.map((file) => file.entry) }, readers)
}

/** The vault of a reporter that these words open, and what finds it. */
export async function depositOf(world: World, reporter: Actor, code: Code) {
  const { lookup, auth, wrap } = receiptKeys(code, world.desk)
  const bundle = { sign: seedOf(reporter.name), pgp: reporter.key.secret, root: undefined }
  const keys = [{ kind: 'receipt' as const, id: lookup, key: wrap }]
  const vault = await closeVault(world.desk, reporter.signer.who, bundle, keys)
  const auth_hash = hexOfBytes(authHash(bytesOfHex(auth)))
  const deposit: VaultDeposit = { lookup, auth_hash, vault: writeVault(vault) }
  return { vault: deposit, ticket: { lookup, auth } }
}
