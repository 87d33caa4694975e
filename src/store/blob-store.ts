import { createHash } from 'node:crypto'
import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely'
import { concatBytes, hexOfBytes, LIMITS, sameBytes, type Bytes } from '#lexicon'
import type { BlobsBlob, Schema } from './schema.ts'
import { StoreError } from './store-error.ts'
import { closeUpload, demandOpen, piecesOf, type StoredPiece } from './upload-store.ts'

export interface Filing extends Pick<BlobsBlob, 'seq' | 'kind' | 'circle'> {
  readonly chain: Bytes
  readonly hash: Bytes
  readonly upload: Bytes
}

/**
 * Makes an upload the blob that a statement names, in the transaction that stores the statement.
 * Checks that all its pieces are there and that the blob hash of PROTOCOL 1 is theirs.
 */
export async function fileBlob(
  tx: Transaction<Schema>,
  { chain, seq, hash, upload, kind, circle }: Filing,
): Promise<{ size: number; pieces: number }> {
  await closeUpload(tx, upload)
  await demandOpen(tx, upload)
  const pieces = await piecesOf(tx, upload)
  const size = demandWhole(pieces, hash)
  const filed = await tx
    .insertInto('blobs.blob')
    .values({ chain, seq, hash, upload, kind, circle, size, pieces: pieces.length })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (filed.numInsertedOrUpdatedRows === 1n) return { size, pieces: pieces.length }
  throw blobExists()
}

/** A blob that is at hand, with the hashes of its pieces: nobody uploaded it before. */
export interface WholeBlob extends Omit<Filing, 'upload'> {
  readonly bytes: Bytes
  /** How many of the first bytes are key packets. */
  readonly keyPackets: number
  readonly pieceHashes: readonly Bytes[]
  /** When it came. Milliseconds. */
  readonly now: number
  readonly random: (length: number) => Bytes
}

/**
 * Stores a whole blob in the transaction that stores the statement. What is small goes with one question to
 * the database: there is no upload that anybody else could add to, so nothing is locked and looked at.
 */
export async function putWholeBlob(tx: Transaction<Schema>, blob: WholeBlob): Promise<void> {
  const { chain, seq, hash, kind, circle, bytes, keyPackets, pieceHashes, now, random } = blob
  const upload = random(16)
  const pieces = pieceHashes.map((sha256, n) => {
    const piece = bytes.subarray(n * LIMITS.piece, (n + 1) * LIMITS.piece)
    return {
      upload,
      n,
      sha256,
      size: piece.length,
      bytes: n === 0 ? piece.subarray(keyPackets) : piece,
    }
  })
  const size = demandWhole(pieces, hash)
  const [first, ...others] = pieces
  if (first === undefined || size !== bytes.length)
    throw new RangeError('a blob without its hashes')
  const packet = { upload, bytes: bytes.subarray(0, keyPackets) }
  const { numInsertedOrUpdatedRows } = await tx
    .with('opened', (db) =>
      db.insertInto('blobs.upload').values({ id: upload, opened: new Date(now) }),
    )
    .with('piece', (db) => db.insertInto('blobs.piece').values(first))
    .with('packet', (db) => db.insertInto('keys.packet').values(packet))
    .insertInto('blobs.blob')
    .values({ chain, seq, hash, upload, kind, circle, size, pieces: pieces.length })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow()
  if (numInsertedOrUpdatedRows !== 1n) throw blobExists()
  // One after the other: a mail of 26 MiB in one question would stand in memory three times more.
  for (const piece of others) await tx.insertInto('blobs.piece').values(piece).execute()
}

/** A body of one piece. */
export type SmallBody = Pick<Filing, 'chain' | 'seq' | 'hash' | 'circle'> & {
  readonly bytes: Bytes
  readonly keyPackets: number
  readonly pieceHash: Bytes
}

/**
 * Stores bodies of one piece each: one text for any number of them, whose bytes go over in one. Fewer rows
 * than bodies: one of them was there.
 */
export function writeSmallBodies(
  bodies: readonly SmallBody[],
  { now, random }: Pick<WholeBlob, 'now' | 'random'>,
): RawBuilder<unknown> {
  let end = 0
  const rows = bodies.map((body) => {
    const { length } = body.bytes
    demandWhole([{ n: 0, sha256: body.pieceHash, size: length }], body.hash)
    const begin = end
    end += length
    return { ...body, begin, upload: random(16) }
  })
  const all = concatBytes(...bodies.map(({ bytes }) => bytes))
  const column = <T>(of: (row: (typeof rows)[number]) => T) => rows.map(of)
  return sql`
    with came as (
      select * from unnest(
        ${column(({ upload }) => upload)}::bytea[], ${column(({ chain }) => chain)}::bytea[],
        ${column(({ seq }) => seq)}::integer[], ${column(({ hash }) => hash)}::bytea[],
        ${column(({ circle }) => circle)}::text[], ${column(({ pieceHash }) => pieceHash)}::bytea[],
        ${column(({ begin }) => begin + 1)}::integer[],
        ${column(({ keyPackets }) => keyPackets)}::integer[],
        ${column(({ bytes }) => bytes.length)}::integer[]
      ) as t (upload, chain, seq, hash, circle, sha256, begin, packets, size)),
    whole as (select ${all}::bytea as bytes),
    opened as (
      insert into blobs.upload (id, opened) select upload, ${new Date(now)}::timestamptz from came),
    piece as (
      insert into blobs.piece (upload, n, sha256, size, bytes)
      select upload, 0, sha256, size, substring(bytes from begin + packets for size - packets)
      from came, whole),
    packet as (
      insert into keys.packet (upload, bytes)
      select upload, substring(bytes from begin for packets) from came, whole)
    insert into blobs.blob (chain, seq, hash, upload, kind, circle, size, pieces)
    select chain, seq, hash, upload, 'body', circle, size, 1 from came
    on conflict do nothing`
}

/** A piece as it came: piece 0 with its key packets in front. Checked against its hash. */
export async function readPiece(
  db: Kysely<Schema>,
  chain: Bytes,
  hash: Bytes,
  n: number,
): Promise<Bytes> {
  const found = await db
    .selectFrom('blobs.blob')
    .innerJoin('blobs.piece', 'blobs.piece.upload', 'blobs.blob.upload')
    .leftJoin('keys.packet', (join) =>
      join.onRef('keys.packet.upload', '=', 'blobs.blob.upload').on('blobs.piece.n', '=', 0),
    )
    .select(['blobs.piece.sha256', 'blobs.piece.bytes', 'keys.packet.bytes as keyPackets'])
    .where('blobs.blob.chain', '=', chain)
    .where('blobs.blob.hash', '=', hash)
    .where('blobs.piece.n', '=', n)
    .executeTakeFirst()
  if (found === undefined) throw unknownBlob()
  if (n === 0 && found.keyPackets === null) {
    throw new StoreError('key-unknown', 'The keys of this blob were destroyed: nobody can open it.')
  }
  const piece = found.keyPackets === null ? found.bytes : concatBytes(found.keyPackets, found.bytes)
  if (!sameBytes(sha256(piece), found.sha256)) {
    throw new StoreError('blob-damaged', 'A stored piece is damaged: restore it from a backup.')
  }
  return piece
}

/** What bodies weigh, by their hashes in hex. What was destroyed is not there. */
export async function bodySizes(
  db: Kysely<Schema>,
  chain: Bytes,
  hashes: readonly Bytes[],
): Promise<ReadonlyMap<string, number>> {
  if (hashes.length === 0) return new Map()
  const rows = await db
    .selectFrom('blobs.blob')
    .select(['hash', 'size'])
    .where('chain', '=', chain)
    .where('hash', '=', sql<Bytes>`any(${hashes})`)
    .execute()
  return new Map(rows.map(({ hash, size }) => [hexOfBytes(hash), size]))
}

/**
 * Whole bodies by their hashes in hex: one piece each, and several where a large mail was sealed. Checked;
 * what was destroyed is left out.
 */
export async function readBodies(
  db: Kysely<Schema>,
  chain: Bytes,
  hashes: readonly Bytes[],
): Promise<ReadonlyMap<string, Bytes>> {
  if (hashes.length === 0) return new Map()
  const rows = await db
    .selectFrom('blobs.blob')
    .innerJoin('blobs.piece', 'blobs.piece.upload', 'blobs.blob.upload')
    .innerJoin('keys.packet', 'keys.packet.upload', 'blobs.blob.upload')
    .select(['blobs.blob.hash', 'blobs.blob.pieces'])
    .select(['blobs.piece.n', 'blobs.piece.sha256', 'blobs.piece.bytes'])
    .select('keys.packet.bytes as keyPackets')
    .where('blobs.blob.chain', '=', chain)
    .where('blobs.blob.hash', '=', sql<Bytes>`any(${hashes})`)
    .orderBy('blobs.piece.n')
    .execute()
  type Coming = { readonly pieces: number; readonly came: Bytes[] }
  const bodies = new Map<string, Coming>()
  for (const { hash, pieces, n, sha256: expected, bytes, keyPackets } of rows) {
    const name = hexOfBytes(hash)
    const body: Coming = bodies.get(name) ?? { pieces, came: [] }
    const piece = n === 0 ? concatBytes(keyPackets, bytes) : bytes
    if (n !== body.came.length || !sameBytes(sha256(piece), expected)) throw damagedBody()
    body.came.push(piece)
    bodies.set(name, body)
  }
  return new Map(
    [...bodies].map(([name, { pieces, came }]) => {
      const [only] = came
      if (came.length !== pieces) throw damagedBody()
      return [name, only !== undefined && pieces === 1 ? only : concatBytes(...came)]
    }),
  )
}

/** The hashes of the pieces in order: what a reader checks against the head, and the pieces against. */
export async function pieceHashes(db: Kysely<Schema>, chain: Bytes, hash: Bytes): Promise<Bytes[]> {
  const pieces = await db
    .selectFrom('blobs.blob')
    .innerJoin('blobs.piece', 'blobs.piece.upload', 'blobs.blob.upload')
    .select('blobs.piece.sha256')
    .where('blobs.blob.chain', '=', chain)
    .where('blobs.blob.hash', '=', hash)
    .orderBy('blobs.piece.n')
    .execute()
  if (pieces.length === 0) throw unknownBlob()
  return pieces.map((piece) => piece.sha256)
}

function demandWhole(pieces: readonly StoredPiece[], hash: Bytes): number {
  const last = pieces.length - 1
  const whole = pieces.every(
    ({ n, size }, at) => n === at && (at === last ? size <= LIMITS.piece : size === LIMITS.piece),
  )
  if (last < 0 || !whole) {
    throw new StoreError('upload-incomplete', 'Pieces of this upload are missing: send them first.')
  }
  if (!sameBytes(sha256(...pieces.map((piece) => piece.sha256)), hash)) {
    throw new StoreError(
      'blob-differs',
      'The pieces of this upload are not the blob that is named.',
    )
  }
  return pieces.reduce((sum, { size }) => sum + size, 0)
}

function blobExists(): StoreError {
  return new StoreError('blob-exists', 'A statement of this chain names the same blob already.')
}

function damagedBody(): StoreError {
  return new StoreError('blob-damaged', 'A stored body is damaged: restore it from a backup.')
}

function unknownBlob(): StoreError {
  return new StoreError('blob-unknown', 'There is no such blob.')
}

function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}
