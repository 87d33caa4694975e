import { sql, type Kysely, type Transaction } from 'kysely'
import { sameBytes, type Bytes } from '#lexicon'
import type { Schema } from './schema.ts'
import { StoreError } from './store-error.ts'
import { inTransaction } from './transaction.ts'

/** Class of our two-number advisory locks on uploads: no grant is needed for them. */
const UPLOAD_LOCK = 1_970_302_068

export interface Piece {
  /** Of the piece as it came. */
  readonly sha256: Bytes
  /** Piece 0 only: the key packets in front, which go to the key store. */
  readonly keyPackets?: Bytes
  readonly rest: Bytes
}

export interface StoredPiece {
  readonly n: number
  readonly sha256: Bytes
  readonly size: number
}

/** A place for the pieces of one blob. Its id is a secret between us and whoever uploads. */
export async function openUpload(
  db: Kysely<Schema>,
  now: number,
  random: (length: number) => Bytes,
): Promise<Bytes> {
  const id = random(16)
  await db
    .insertInto('blobs.upload')
    .values({ id, opened: new Date(now) })
    .execute()
  return id
}

/**
 * Stores a piece once. The same piece again is fine (`same`): the answer to the first may have been
 * lost. Other bytes for a place that is taken are refused.
 */
export async function putPiece(
  db: Kysely<Schema>,
  upload: Bytes,
  n: number,
  piece: Piece,
): Promise<'new' | 'same'> {
  const { sha256, keyPackets, rest } = piece
  if ((n === 0) !== (keyPackets !== undefined)) {
    throw new TypeError('key packets stand at the front of piece 0 and nowhere else')
  }
  return inTransaction(db, async (tx) => {
    // Shared: pieces come side by side, but none while the blob is filed or the upload swept.
    await sql`select pg_advisory_xact_lock_shared(${UPLOAD_LOCK}, ${lockNumber(upload)})`.execute(
      tx,
    )
    await demandOpen(tx, upload)
    const size = rest.length + (keyPackets?.length ?? 0)
    const inserted = await tx
      .insertInto('blobs.piece')
      .values({ upload, n, sha256, size, bytes: rest })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
    if (inserted.numInsertedOrUpdatedRows === 0n) return demandSame(tx, upload, n, sha256)
    if (keyPackets !== undefined) {
      await tx.insertInto('keys.packet').values({ upload, bytes: keyPackets }).execute()
    }
    return 'new'
  })
}

/** Which pieces came, so that a cut upload goes on where it stopped. */
export async function listPieces(db: Kysely<Schema>, upload: Bytes): Promise<StoredPiece[]> {
  const found = await db
    .selectFrom('blobs.upload')
    .select('id')
    .where('id', '=', upload)
    .executeTakeFirst()
  if (found === undefined) throw unknownUpload()
  return piecesOf(db, upload)
}

/** The same without asking whether there is such an upload. */
export async function piecesOf(db: Kysely<Schema>, upload: Bytes): Promise<StoredPiece[]> {
  return db
    .selectFrom('blobs.piece')
    .select(['n', 'sha256', 'size'])
    .where('upload', '=', upload)
    .orderBy('n')
    .execute()
}

/** Until the transaction ends no piece comes to this upload, and nobody else files or sweeps it. */
export async function closeUpload(tx: Transaction<Schema>, upload: Bytes): Promise<void> {
  await sql`select pg_advisory_xact_lock(${UPLOAD_LOCK}, ${lockNumber(upload)})`.execute(tx)
}

/** Throws unless the upload exists and is not part of a report yet. Only under its lock. */
export async function demandOpen(tx: Transaction<Schema>, upload: Bytes): Promise<void> {
  const found = await tx
    .selectFrom('blobs.upload')
    .leftJoin('blobs.blob', 'blobs.blob.upload', 'blobs.upload.id')
    .select('blobs.blob.upload as filed')
    .where('blobs.upload.id', '=', upload)
    .executeTakeFirst()
  if (found === undefined) throw unknownUpload()
  if (found.filed !== null) {
    throw new StoreError(
      'upload-filed',
      'This upload is part of a statement already: open another.',
    )
  }
}

/**
 * Deletes uploads that were opened before this moment and never became part of a statement, with
 * their pieces and key packets. Returns how many. For the login of retention.
 */
export async function sweepUploads(db: Kysely<Schema>, before: number): Promise<number> {
  let swept = 0
  for (;;) {
    const stale = await db
      .selectFrom('blobs.upload')
      .leftJoin('blobs.blob', 'blobs.blob.upload', 'blobs.upload.id')
      .select('blobs.upload.id')
      .where('blobs.upload.opened', '<', new Date(before))
      .where('blobs.blob.upload', 'is', null)
      .limit(100)
      .execute()
    if (stale.length === 0) return swept
    for (const { id } of stale) {
      if (await sweep(db, id)) swept += 1
    }
  }
}

async function sweep(db: Kysely<Schema>, upload: Bytes): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    await closeUpload(tx, upload)
    // A report that named it may have been accepted since we looked.
    const filed = await tx
      .selectFrom('blobs.blob')
      .select('upload')
      .where('upload', '=', upload)
      .executeTakeFirst()
    if (filed !== undefined) return false
    await tx.deleteFrom('keys.packet').where('upload', '=', upload).execute()
    await tx.deleteFrom('blobs.piece').where('upload', '=', upload).execute()
    const { numDeletedRows } = await tx
      .deleteFrom('blobs.upload')
      .where('id', '=', upload)
      .executeTakeFirst()
    return numDeletedRows > 0n
  })
}

async function demandSame(
  tx: Transaction<Schema>,
  upload: Bytes,
  n: number,
  sha256: Bytes,
): Promise<'same'> {
  const stored = await tx
    .selectFrom('blobs.piece')
    .select('sha256')
    .where('upload', '=', upload)
    .where('n', '=', n)
    .executeTakeFirstOrThrow()
  if (sameBytes(stored.sha256, sha256)) return 'same'
  throw new StoreError(
    'piece-differs',
    `Piece ${n} of this upload came before with other bytes: open another upload.`,
  )
}

function unknownUpload(): StoreError {
  return new StoreError(
    'upload-unknown',
    'There is no such upload, or it lay unused for a day and was swept: open another.',
  )
}

function lockNumber(upload: Bytes): number {
  return new DataView(upload.buffer, upload.byteOffset, upload.byteLength).getInt32(0)
}
