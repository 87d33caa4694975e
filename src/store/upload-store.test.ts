import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { after, test } from 'node:test'
import { concatBytes, DAY, LIMITS, type Bytes } from '#lexicon'
import { untilBlocked } from '../../stories/blocked.ts'
import { fileBlob, pieceHashes, readPiece } from './blob-store.ts'
import { connectAdmin } from './admin-login.ts'
import { scratchDatabase } from './scratch-database.ts'
import { inTransaction } from './transaction.ts'
import { listPieces, openUpload, putPiece, sweepUploads, type Piece } from './upload-store.ts'

const database = await scratchDatabase()
after(() => database.close())
const { intake, desk, retention } = database.logins

const now = Date.parse('2026-11-21T12:00:00Z')
const random = (length: number): Bytes => new Uint8Array(randomBytes(length))
const sha256 = (...parts: readonly Uint8Array[]): Bytes =>
  new Uint8Array(
    createHash('sha256')
      .update(concatBytes(...parts))
      .digest(),
  )

/** A blob of two whole pieces and a rest; the first 500 bytes are key packets. */
function someBlob(): { pieces: Piece[]; whole: Bytes[]; hash: Bytes } {
  const whole = [random(LIMITS.piece), random(LIMITS.piece), random(1000)]
  const pieces = whole.map((piece, n) =>
    n === 0
      ? { sha256: sha256(piece), keyPackets: piece.slice(0, 500), rest: piece.slice(500) }
      : { sha256: sha256(piece), rest: piece },
  )
  return { pieces, whole, hash: sha256(...pieces.map((piece) => piece.sha256)) }
}

async function uploaded(pieces: readonly Piece[]): Promise<Bytes> {
  const upload = await openUpload(intake, now, random)
  for (const [n, piece] of pieces.entries()) await putPiece(intake, upload, n, piece)
  return upload
}

function file(upload: Bytes, chain: Bytes, hash: Bytes) {
  return inTransaction(intake, (tx) =>
    fileBlob(tx, { chain, seq: 0, hash, upload, kind: 'file', circle: 'desk' }),
  )
}

test('a blob comes in pieces, is filed, and is read back byte for byte', async () => {
  const { pieces, whole, hash } = someBlob()
  const upload = await uploaded(pieces)
  assert.deepEqual(
    await listPieces(intake, upload),
    whole.map((piece, n) => ({ n, sha256: sha256(piece), size: piece.length })),
  )
  const chain = random(32)
  assert.deepEqual(await file(upload, chain, hash), { size: 2 * LIMITS.piece + 1000, pieces: 3 })
  for (const [n, piece] of whole.entries()) {
    assert.deepEqual(await readPiece(desk, chain, hash, n), piece)
  }
  assert.deepEqual(
    await pieceHashes(desk, chain, hash),
    whole.map((piece) => sha256(piece)),
  )
  await assert.rejects(readPiece(desk, chain, hash, 3), { code: 'blob-unknown' })
  await assert.rejects(readPiece(desk, random(32), hash, 0), { code: 'blob-unknown' })
  await assert.rejects(pieceHashes(desk, chain, random(32)), { code: 'blob-unknown' })
})

test('the key packets lie in the key store and not beside the blob', async () => {
  const { pieces, hash } = someBlob()
  const upload = await uploaded(pieces)
  const chain = random(32)
  await file(upload, chain, hash)
  const row = await desk
    .selectFrom('blobs.piece')
    .select('bytes')
    .where('upload', '=', upload)
    .where('n', '=', 0)
    .executeTakeFirstOrThrow()
  assert.equal(row.bytes.length, LIMITS.piece - 500)
  await retention.deleteFrom('keys.packet').where('upload', '=', upload).execute()
  await assert.rejects(readPiece(desk, chain, hash, 0), { code: 'key-unknown' })
})

test('the same piece again is fine, at the same time too; other bytes are refused', async () => {
  const { pieces } = someBlob()
  const [first, second] = pieces
  assert(first !== undefined && second !== undefined)
  const upload = await openUpload(intake, now, random)
  const said = await Promise.all([1, 2, 3, 4].map(() => putPiece(intake, upload, 0, first)))
  assert.deepEqual(said.toSorted(), ['new', 'same', 'same', 'same'])
  await assert.rejects(putPiece(intake, upload, 0, { ...second, keyPackets: random(9) }), {
    code: 'piece-differs',
  })
  await assert.rejects(putPiece(intake, upload, 1, first), TypeError)
  await assert.rejects(putPiece(intake, upload, 0, second), TypeError)
})

test('an unknown upload takes no piece, and one that is filed no more', async () => {
  const { pieces, hash } = someBlob()
  const [first] = pieces
  assert(first !== undefined)
  await assert.rejects(putPiece(intake, random(16), 0, first), { code: 'upload-unknown' })
  await assert.rejects(listPieces(intake, random(16)), { code: 'upload-unknown' })
  const upload = await uploaded(pieces)
  await file(upload, random(32), hash)
  await assert.rejects(putPiece(intake, upload, 0, first), { code: 'upload-filed' })
  await assert.rejects(putPiece(intake, upload, 3, { sha256: random(32), rest: random(1) }), {
    code: 'upload-filed',
  })
  await assert.rejects(file(upload, random(32), hash), { code: 'upload-filed' })
})

test('a blob is filed only when it is whole and is what the head names', async () => {
  const { pieces, hash } = someBlob()
  const [first, second, third] = pieces
  assert(first !== undefined && second !== undefined && third !== undefined)
  const chain = random(32)
  const upload = await openUpload(intake, now, random)
  await assert.rejects(file(upload, chain, hash), { code: 'upload-incomplete' })
  await putPiece(intake, upload, 0, first)
  await putPiece(intake, upload, 2, third)
  await assert.rejects(file(upload, chain, hash), { code: 'upload-incomplete' })
  await putPiece(intake, upload, 1, second)
  await assert.rejects(file(upload, chain, random(32)), { code: 'blob-differs' })
  await file(upload, chain, hash)
  await assert.rejects(file(await uploaded(pieces), chain, hash), { code: 'blob-exists' })

  const short = await uploaded([first, third, second].map((piece, n) => (n === 1 ? third : piece)))
  await assert.rejects(file(short, chain, hash), { code: 'upload-incomplete' })
})

test('a statement that is not accepted leaves its upload open', async () => {
  const { pieces, hash } = someBlob()
  const upload = await uploaded(pieces)
  const filing = { chain: random(32), seq: 0, hash, upload, kind: 'file', circle: 'desk' } as const
  const refused = inTransaction(intake, async (tx) => {
    await fileBlob(tx, filing)
    throw new Error('the fold says no')
  })
  await assert.rejects(refused, /the fold says no/)
  await file(upload, random(32), hash)
})

test('damage on the disk is noticed before anybody gets the piece', async () => {
  const { pieces, hash } = someBlob()
  const upload = await uploaded(pieces)
  const chain = random(32)
  await file(upload, chain, hash)
  const client = await connectAdmin(database.admin)
  await client.query(
    'update blobs.piece set bytes = set_byte(bytes, 7, 255 - get_byte(bytes, 7)) where upload = $1 and n = 1',
    [upload],
  )
  await client.end()
  await assert.rejects(readPiece(desk, chain, hash, 1), { code: 'blob-damaged' })
  assert.equal((await readPiece(desk, chain, hash, 2)).length, 1000)
})

test('half an upload is swept after a day with its pieces and keys; a report and a young one stay', async () => {
  const { pieces, hash } = someBlob()
  const [first] = pieces
  assert(first !== undefined)
  const half = await uploaded(pieces.slice(0, 2))
  const filed = await uploaded(pieces)
  const chain = random(32)
  await file(filed, chain, hash)
  const young = await openUpload(intake, now + DAY, random)
  await putPiece(intake, young, 0, first)

  const swept = await sweepUploads(retention, now + 1)
  assert(swept >= 1)
  assert.equal(await sweepUploads(retention, now + 1), 0)
  await assert.rejects(listPieces(intake, half), { code: 'upload-unknown' })
  const left = await desk.selectFrom('keys.packet').select('upload').execute()
  const rows = await desk.selectFrom('blobs.piece').select('upload').execute()
  for (const { upload } of [...left, ...rows]) assert.notDeepEqual(upload, half)
  assert.equal((await listPieces(intake, young)).length, 1)
  assert.equal((await readPiece(desk, chain, hash, 0)).length, LIMITS.piece)
})

test('a report that is accepted while the sweep runs keeps its blob', async () => {
  const { pieces, hash } = someBlob()
  const upload = await uploaded(pieces)
  const chain = random(32)
  let sweeping: Promise<number> | undefined
  await inTransaction(intake, async (tx) => {
    await fileBlob(tx, { chain, seq: 0, hash, upload, kind: 'file', circle: 'desk' })
    sweeping = sweepUploads(retention, now + 1)
    await untilBlocked(database.admin)
  })
  await sweeping
  assert.equal((await readPiece(desk, chain, hash, 0)).length, LIMITS.piece)
})
