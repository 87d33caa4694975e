import { type Bytes, bytesOfHex, hexOfBytes, LIMITS } from '#lexicon'
import { demand, readSealedFront, sha256 } from '#seal'
import {
  listPieces,
  openUpload as openStoredUpload,
  type Piece,
  putPiece as putStoredPiece,
  StoreError,
} from '#store'
import { storageFailure } from './file-report.ts'
import type { IntakeDeps } from './intake-deps.ts'
import { IntakeError } from './intake-error.ts'

/** The desk and the reporter: nobody else reads a file of a report (N32). */
const MOST_RECIPIENTS = 2

/** A place for the pieces of one sealed file. Whoever knows its id may add to it; it is swept after a day. */
export async function openUpload({ db, clock, random }: IntakeDeps): Promise<{ upload: string }> {
  const id = await storing(() => openStoredUpload(db, clock(), random))
  return { upload: hexOfBytes(id) }
}

/** Which pieces came, so that a cut upload goes on where it stopped. */
export async function readUpload(
  { db }: IntakeDeps,
  upload: string,
): Promise<{ pieces: { n: number; sha256: string }[] }> {
  const pieces = await storing(() => listPieces(db, bytesOfHex(upload)))
  return { pieces: pieces.map((piece) => ({ n: piece.n, sha256: hexOfBytes(piece.sha256) })) }
}

/**
 * Stores a piece once; the same again is fine. Piece 0 must begin a sealed message, so that no plain file
 * is taken by mistake. Throws `Refused` grammar or `IntakeError`.
 */
export async function putPiece(
  { db }: IntakeDeps,
  upload: string,
  n: number,
  bytes: Bytes,
): Promise<{ sha256: string }> {
  if (bytes.length > LIMITS.piece || n >= LIMITS.file / LIMITS.piece)
    throw new IntakeError('too-large', 'This file is larger than the desk takes.')
  if (bytes.length === 0) throw new IntakeError('malformed', 'A piece is never empty.')
  const piece = n === 0 ? splitFirst(bytes) : { sha256: sha256(bytes), rest: bytes }
  await storing(() => putStoredPiece(db, bytesOfHex(upload), n, piece))
  return { sha256: hexOfBytes(piece.sha256) }
}

/** The key packets in front go to the key store (PROTOCOL 2.1, storage rule). */
function splitFirst(bytes: Bytes): Piece {
  const { version, recipients, keyPackets } = readSealedFront(bytes)
  const ours = version === 6 && recipients <= MOST_RECIPIENTS
  demand(ours, 'grammar', 'This file is not sealed in the way of this desk.')
  return {
    sha256: sha256(bytes),
    keyPackets: bytes.slice(0, keyPackets),
    rest: bytes.slice(keyPackets),
  }
}

async function storing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (!(cause instanceof StoreError)) throw storageFailure(cause)
    if (cause.code === 'upload-unknown')
      throw new IntakeError('not-found', cause.message, { cause })
    throw new IntakeError('conflict', cause.message, { cause })
  }
}
