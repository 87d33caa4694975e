import { type Bytes, bytesOfHex } from '#lexicon'
import { sha256 } from '#seal'
import {
  fileBlob,
  openUpload,
  putLabel,
  putPiece,
  putWraps,
  type Schema,
  StoreError,
  type Transaction,
} from '#store'
import { LedgerError } from './ledger-error.ts'
import type { TakenBlob } from './named-blobs.ts'

type Tx = Transaction<Schema>

/** The place of the statement that names the blobs. */
export type BlobPlace = { readonly chain: string; readonly seq: number }

/**
 * Stores what came with a statement: key packets, wraps and labels in the key store, the rest in the
 * blob store (PROTOCOL 2.1, storage rule). In the transaction that accepts the statement, before the
 * ledger's lock: whoever waits for an upload must not hold up everybody. Throws `LedgerError` incomplete.
 */
export async function fileBlobs(
  tx: Tx,
  { chain, seq }: BlobPlace,
  taken: readonly TakenBlob[],
  deps: { readonly now: number; readonly random: (length: number) => Bytes },
): Promise<void> {
  const place = { chain: bytesOfHex(chain), seq }
  try {
    for (const blob of inOrderOfUploads(taken)) {
      const hash = bytesOfHex(blob.hash)
      switch (blob.kind) {
        case 'body': {
          const upload = await openUpload(tx, deps.now, deps.random)
          const { bytes, front } = blob
          await putPiece(tx, upload, 0, {
            sha256: sha256(bytes),
            keyPackets: bytes.slice(0, front.keyPackets),
            rest: bytes.slice(front.keyPackets),
          })
          await fileBlob(tx, { ...place, hash, upload, kind: 'body', circle: blob.to })
          break
        }
        case 'file':
          await fileBlob(tx, {
            ...place,
            hash,
            upload: bytesOfHex(blob.upload),
            kind: 'file',
            circle: blob.to,
          })
          break
        case 'wrap': {
          const { circle, epoch, to, bytes } = blob
          await putWraps(tx, [{ ...place, hash, circle, epoch, reader: to, bytes }])
          break
        }
        case 'label':
          await putLabel(tx, { ...place, hash, bytes: blob.bytes })
          break
      }
    }
  } catch (cause) {
    if (!(cause instanceof StoreError)) throw cause
    throw new LedgerError('incomplete', cause.message, { cause })
  }
}

/** Two posts that name the same uploads lock them in the same order, or each would wait for the other. */
function inOrderOfUploads(taken: readonly TakenBlob[]): readonly TakenBlob[] {
  const upload = (blob: TakenBlob) => (blob.kind === 'file' ? blob.upload : '')
  return taken.toSorted((a, b) => upload(a).localeCompare(upload(b)))
}
