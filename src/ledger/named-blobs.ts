import { type Bytes, bytesOfBase64, LIMITS } from '#lexicon'
import {
  type AnyHead,
  blobHash,
  demand,
  readSealed,
  readSealedFront,
  type SealedFront,
  type Statement,
} from '#seal'
import { LedgerError } from './ledger-error.ts'

/** A statement as it came over the wire: its small blobs in base64, its files as uploads. */
export type Delivery = {
  readonly statement: Statement
  readonly blobs: readonly string[]
  readonly uploads: readonly { readonly blob: string; readonly upload: string }[]
}

/** Sealed to the key `to`, for so many readers. */
export type NamedBody = {
  readonly kind: 'body'
  readonly hash: string
  readonly to: string
  readonly recipients: number
}
export type NamedFile = Omit<NamedBody, 'kind'> & { readonly kind: 'file' }
/** The secret key of an epoch for one reader. */
export type NamedWrap = {
  readonly kind: 'wrap'
  readonly hash: string
  readonly circle: string
  readonly epoch: number
  readonly to: string
}
export type NamedLabel = { readonly kind: 'label'; readonly hash: string }
export type NamedBlob = NamedBody | NamedFile | NamedWrap | NamedLabel

type Inline = {
  readonly bytes: Bytes
  readonly front: SealedFront
  /** Where whoever sealed it has them. */
  readonly pieceHashes?: readonly Bytes[]
}

/** A named blob that came. The pieces of a file are in the store already, counted and hashed when it is filed. */
export type TakenBlob =
  | ((NamedBody | NamedWrap) & Inline)
  | (NamedLabel & { readonly bytes: Bytes })
  | (NamedFile & { readonly upload: string })

/** Which blobs a head names: a sealed body, a label, wraps, files. */
export function namedBlobs(head: AnyHead): readonly NamedBlob[] {
  const named: NamedBlob[] = []
  // A report is sealed to the desk and to its reporter, everything later to one key of a circle.
  const recipients = head.type === 'case.open' && head.enc !== '' ? 2 : 1
  if ('body' in head) named.push({ kind: 'body', hash: head.body, to: head.to, recipients })
  if ('label' in head) named.push({ kind: 'label', hash: head.label.blob })
  if ('wraps' in head)
    for (const { blob, epoch, to } of head.wraps)
      named.push({ kind: 'wrap', hash: blob, circle: head.circle, epoch, to })
  if ('files' in head)
    for (const hash of head.files) named.push({ kind: 'file', hash, to: head.to, recipients })
  return named
}

/**
 * The ledger accepts complete statements only: exactly the blobs that the head names, within their
 * sizes, each a sealed message for the right number of readers. So no plaintext is taken by mistake and
 * no second reader hides (N32). Throws `LedgerError` incomplete, malformed or too-large, or `Refused`.
 */
export function takeBlobs(head: AnyHead, delivery: Delivery): readonly TakenBlob[] {
  const named = namedBlobs(head)
  demandDistinct(named.map((blob) => blob.hash))
  const files = named.filter((blob) => blob.kind === 'file').length
  if (files > LIMITS.filesPerMessage)
    throw new LedgerError('too-large', `A message has at most ${LIMITS.filesPerMessage} files.`)
  const inline = new Map(delivery.blobs.map(decoded).map((bytes) => [blobHash(bytes), bytes]))
  const uploads = new Map(delivery.uploads.map(({ blob, upload }) => [blob, upload]))
  demandDistinct([...uploads.values()])
  const taken = named.map((blob) =>
    blob.kind === 'file' ? { ...blob, upload: arrived(uploads, blob) } : opened(blob, inline),
  )
  if (delivery.blobs.length !== named.length - files || delivery.uploads.length !== files)
    throw new LedgerError('malformed', 'More came with this statement than it names.')
  return taken
}

/**
 * The body that the letterbox itself sealed. Only a mail may be larger than a message, and it never came
 * over the wire in base64. Throws `Refused` grammar.
 */
export function takeMailBody(
  { body, to }: { readonly body: string; readonly to: string },
  bytes: Bytes,
  pieceHashes: readonly Bytes[],
): TakenBlob {
  const front = readSealedFront(readSealed(bytes, 1))
  return { kind: 'body', hash: body, to, recipients: 1, bytes, front, pieceHashes }
}

function opened(
  blob: NamedBody | NamedWrap | NamedLabel,
  inline: ReadonlyMap<string, Bytes>,
): TakenBlob {
  const bytes = arrived(inline, blob)
  if (blob.kind === 'label') {
    demand(bytes.length === LIMITS.label, 'label', 'A label has exactly 284 bytes.')
    return { ...blob, bytes }
  }
  if (bytes.length > LIMITS[blob.kind])
    throw new LedgerError('too-large', `This ${blob.kind} is larger than the desk takes.`)
  const front = readSealedFront(readSealed(bytes, blob.kind === 'wrap' ? 1 : blob.recipients))
  // Version 4 exists at the edge only: in wraps for members who use gpg.
  const inside = blob.kind === 'wrap' || front.version === 6
  demand(inside, 'grammar', 'This body is not sealed in the way of this desk.')
  return { ...blob, bytes, front }
}

function arrived<T>(delivered: ReadonlyMap<string, T>, { kind, hash }: NamedBlob): T {
  const found = delivered.get(hash)
  if (found === undefined)
    throw new LedgerError('incomplete', `A ${kind} that this statement names did not arrive.`)
  return found
}

function decoded(base64: string): Bytes {
  try {
    const bytes = bytesOfBase64(base64)
    if (bytes.length > 0) return bytes
  } catch (cause) {
    throw new LedgerError('malformed', 'A blob is not base64.', { cause })
  }
  throw new LedgerError('malformed', 'A blob is never empty.')
}

function demandDistinct(names: readonly string[]): void {
  if (new Set(names).size !== names.length)
    throw new LedgerError('malformed', 'This statement names one blob twice.')
}
