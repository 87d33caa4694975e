import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { hexOfBytes, LIMITS } from '#lexicon'
import { readCertificate, wrapKey } from '#seal'
import { sealedFile } from '../../stories/drafts.ts'
import { asOwner, intakeDepsOf, newHouse } from '../../stories/house.ts'
import { certOf, newActor } from '../../stories/world.ts'
import { nodeDisk, openJournal, openUpload, putPiece, readUpload } from './index.ts'

const house = await newHouse()
const folder = mkdtempSync(join(tmpdir(), 'postern-journal-'))
const deps = intakeDepsOf(house, await openJournal({ folder, disk: nodeDisk }))
after(async () => {
  await house.database.close()
  rmSync(folder, { recursive: true })
})
const desk = certOf(house.world.keys, 'desk/1')
const { pieces } = await sealedFile(new Uint8Array(2.5 * LIMITS.piece), 'three pieces', [desk])
const [first, second, third] = pieces
assert.ok(first && second && third)

test('a cut upload tells which pieces came, and goes on where it stopped', async () => {
  const { upload } = await openUpload(deps)
  assert.deepEqual(await readUpload(deps, upload), { pieces: [] })
  for (const { n, bytes } of [first, third]) await putPiece(deps, upload, n, bytes)
  const sha256 = hexOfBytes(second.sha256)
  assert.deepEqual(await putPiece(deps, upload, 1, second.bytes), { sha256 })
  assert.deepEqual(await putPiece(deps, upload, 1, second.bytes), { sha256 })
  assert.deepEqual(await putPiece(deps, upload, 0, first.bytes), {
    sha256: hexOfBytes(first.sha256),
  })
  const listed = pieces.map((piece) => ({ n: piece.n, sha256: hexOfBytes(piece.sha256) }))
  assert.deepEqual(await readUpload(deps, upload), { pieces: listed })
})

test('the same piece ten times at once is stored once', async () => {
  const { upload } = await openUpload(deps)
  const puts = Array.from({ length: 10 }, () => putPiece(deps, upload, 0, first.bytes))
  await Promise.all(puts)
  const rows = await asOwner(house, 'select n from blobs.piece where upload = $1', [
    Buffer.from(upload, 'hex'),
  ])
  assert.equal(rows.length, 1)
})

test('other bytes for a piece that came are refused', async () => {
  const { upload } = await openUpload(deps)
  await putPiece(deps, upload, 1, second.bytes)
  await assert.rejects(putPiece(deps, upload, 1, third.bytes), { code: 'conflict' })
})

test('an unknown upload', async () => {
  const unknown = '00'.repeat(16)
  await assert.rejects(readUpload(deps, unknown), { code: 'not-found' })
  await assert.rejects(putPiece(deps, unknown, 1, second.bytes), { code: 'not-found' })
})

test('a plain file is not taken by mistake', async () => {
  const { upload } = await openUpload(deps)
  const plain = new TextEncoder().encode('root:x:0:0:root:/root:/bin/bash\n')
  await assert.rejects(putPiece(deps, upload, 0, plain), { code: 'grammar' })
  const elf = Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0)
  await assert.rejects(putPiece(deps, upload, 0, elf), { code: 'grammar' })
  assert.deepEqual(await readUpload(deps, upload), { pieces: [] })
})

test('a file for three readers, or for a key of version 4', async () => {
  const { upload } = await openUpload(deps)
  const others = [(await newActor('a')).key.cert, (await newActor('b')).key.cert]
  const three = await sealedFile(new Uint8Array(10), 'three readers', [desk, ...others])
  // No client of ours seals a file so; somebody else's may.
  const mail = await readCertificate(certOf(house.world.keys, 'mail/1'))
  const old = await wrapKey(new Uint8Array(32), new Uint8Array(10), mail)
  for (const bytes of [three.pieces[0]?.bytes, old]) {
    assert.ok(bytes)
    await assert.rejects(putPiece(deps, upload, 0, bytes), { code: 'grammar' })
  }
})

test('a piece that is too large, empty, or beyond the largest file', async () => {
  const { upload } = await openUpload(deps)
  const large = new Uint8Array(LIMITS.piece + 1)
  await assert.rejects(putPiece(deps, upload, 1, large), { code: 'too-large' })
  await assert.rejects(putPiece(deps, upload, 1, new Uint8Array(0)), { code: 'malformed' })
  const beyond = LIMITS.file / LIMITS.piece
  await assert.rejects(putPiece(deps, upload, beyond, second.bytes), { code: 'too-large' })
  await putPiece(deps, upload, beyond - 1, second.bytes)
})
