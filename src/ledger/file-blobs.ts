import { type Bytes, bytesOfHex } from '#lexicon'
import { pieceHashesByEngine } from '#seal'
import {
  fileBlob,
  putLabel,
  putWholeBlob,
  putWraps,
  type Schema,
  StoreError,
  type Transaction,
} from '#store'
import { LedgerError } from './ledger-error.ts'
import type { TakenBlob } from './named-blobs.ts'

type Tx = Transaction<Schema>

type Deps = { readonly now: number; readonly random: (length: number) => Bytes }

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
  deps: Deps,
): Promise<void> {
  const place = { chain: bytesOfHex(chain), seq }
  try {
    for (const blob of inOrderOfUploads(taken)) {
      const hash = bytesOfHex(blob.hash)
      switch (blob.kind) {
        case 'body':
          await putBody(tx, { ...place, hash }, blob, deps)
          break
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

/** A body is one piece, but for a large mail. The same pieces as of a file: one rule hashes them all. */
async function putBody(
  tx: Tx,
  place: { readonly chain: Bytes; readonly seq: number; readonly hash: Bytes },
  { bytes, to, front: { keyPackets }, ...known }: Extract<TakenBlob, { kind: 'body' }>,
  deps: Deps,
): Promise<void> {
  const pieceHashes = known.pieceHashes ?? (await pieceHashesByEngine(bytes))
  const body = { ...place, kind: 'body', circle: to, bytes, keyPackets, pieceHashes } as const
  await putWholeBlob(tx, { ...body, ...deps })
}

/** Two posts that name the same uploads lock them in the same order, or each would wait for the other. */
function inOrderOfUploads(taken: readonly TakenBlob[]): readonly TakenBlob[] {
  const upload = (blob: TakenBlob) => (blob.kind === 'file' ? blob.upload : '')
  return taken.toSorted((a, b) => upload(a).localeCompare(upload(b)))
}
