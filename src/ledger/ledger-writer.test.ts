import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { bytesOfHex } from '#lexicon'
import {
  EMPTY_ROOT,
  leafHash,
  readCheckpoint,
  readHead,
  rootOfCover,
  statementId,
  verifyConsistency,
  verifyInclusion,
  verifyReceipt,
} from '#seal'
import { asOwner, newHouse } from '../../stories/house.ts'
import { scratchHash } from '../../stories/world.ts'
import {
  type Acceptance,
  newestCheckpoint,
  openLedgerWriter,
  proveConsistency,
  proveInclusion,
  receiptOf,
  receiptsOf,
  verifyLedger,
} from './index.ts'
import { EMPTY_FRONTIER, growTree } from './tree-growth.ts'

const house = await newHouse()
const { world, ledger, database } = house
after(() => database.close())
const db = database.logins.ledger
const dir = world.directory.head.id
const place = { desk: world.desk, dir }

function accept(of: readonly Acceptance[]) {
  return db.transaction().execute((tx) => ledger.accept(tx, { ...place, of }))
}

test('a receipt verifies against the server key of the directory', async () => {
  const id = scratchHash('case 1')
  const [receipt] = await accept([{ chain: id, id, seq: 0, number: '2026-7F3KQ' }])
  assert.ok(receipt)
  const accepted = { desk: world.desk, chain: id, id, seq: 0 }
  const { head } = await verifyReceipt(receipt, world.directory.now.server, accepted)
  assert.equal(head.number, '2026-7F3KQ')
  assert.equal(head.dir, dir)
  assert.deepEqual(await receiptOf(db, id), receipt)
  assert.equal(await receiptOf(db, scratchHash('nothing')), null)
  assert.deepEqual(await receiptsOf(db, [id, world.desk]), [
    receipt,
    await receiptOf(db, world.desk),
  ])
  assert.equal(await receiptsOf(db, [id, scratchHash('nothing')]), null)
})

test('one place is accepted once, whoever asks', async () => {
  const chain = scratchHash('case 1')
  const twice = accept([{ chain, id: scratchHash('another'), seq: 0, number: '2026-7F3KQ' }])
  await assert.rejects(twice, { code: '23505' })
  const [before] = await asOwner(house, 'select count(*) from ledger.entry')
  const again = accept([{ chain, id: chain, seq: 1, number: '' }])
  await assert.rejects(again, { code: '23505' })
  assert.deepEqual((await asOwner(house, 'select count(*) from ledger.entry'))[0], before)
})

test('an event stands in the ledger and accepts nothing', async () => {
  const note = { kind: 'login' as const, about: world.coordinator.signer.who, count: 1, note: '' }
  const event = await db.transaction().execute((tx) => ledger.event(tx, { ...place, ...note }))
  const head = readHead(event, 'ledger')
  assert.equal(head.type, 'ledger.event')
  assert.equal(head.by, world.server.who)
})

test('the ledger opens once, and nothing comes before', async () => {
  const again = db.transaction().execute((tx) => ledger.open(tx, place))
  await assert.rejects(again, { code: 'already-open' })
  const empty = await newHouse()
  after(() => empty.database.close())
  await asOwner(empty, 'truncate ledger.entry, ledger.node')
  const early = empty.database.logins.ledger
    .transaction()
    .execute((tx) =>
      ledger.accept(tx, { ...place, of: [{ chain: dir, id: dir, seq: 0, number: '' }] }),
    )
  await assert.rejects(early, { code: 'not-open' })
  const note = await newestCheckpoint(empty.database.logins.ledger, checkpointKeys())
  const checkpoint = await readCheckpoint(note, origin(), world.server.who)
  assert.deepEqual([checkpoint.size, checkpoint.root], [0, EMPTY_ROOT])
})

test('appends at once come one after another, in one tree', async () => {
  const writers = Array.from({ length: 12 }, (_, i) => {
    const chain = scratchHash(`at once ${i}`)
    return accept([
      { chain, id: chain, seq: 0, number: '2026-00000' },
      { chain, id: scratchHash(`at once ${i} b`), seq: 1, number: '' },
    ])
  })
  await Promise.all(writers)
  const { size } = await verifyLedger(db, { directory: world.directory })
  assert.equal(size, 1 + world.batch.length + 1 + 1 + 24)
})

test('every proof of every size up to 130 verifies, and no other does', async () => {
  const filler = Array.from({ length: 130 }, (_, i) => {
    const id = scratchHash(`filler ${i}`)
    return { chain: id, id, seq: 0, number: '2026-00000' }
  })
  await accept(filler)
  const rows = await db.selectFrom('ledger.entry').selectAll().orderBy('seq').limit(130).execute()
  const roots = [EMPTY_ROOT]
  let frontier = EMPTY_FRONTIER
  for (const { id } of rows) {
    frontier = growTree(frontier, leafHash(id)).frontier
    roots.push(rootOfCover(frontier.nodes.map((node) => node.hash)))
  }
  for (let size = 1; size <= 130; size++) {
    const root = at(roots, size)
    for (const index of placesIn(size)) {
      const ofId = rows[index]?.of_id
      if (ofId === undefined || ofId === null || index >= size) continue
      const found = await proveInclusion(db, Buffer.from(ofId).toString('hex'), size)
      assert.ok(found)
      const proof = found.proof.map(bytesOfHex)
      const leaf = leafHash(bytesOfHex(statementId(found.entry.head)))
      assert.equal(found.index, index)
      assert.ok(verifyInclusion(leaf, index, size, proof, root), `${index} of ${size}`)
      assert.ok(!verifyInclusion(leaf, index, size, proof, at(roots, size - 1)))
    }
    for (const old of new Set([1, 2, 3, Math.floor(size / 2), size - 1, size])) {
      if (old < 1 || old > size) continue
      const proof = (await proveConsistency(db, old, size))?.map(bytesOfHex)
      assert.ok(proof)
      assert.ok(verifyConsistency(old, size, at(roots, old), root, proof), `${old} in ${size}`)
      assert.ok(!verifyConsistency(old, size, at(roots, old - 1), root, proof))
    }
  }
})

test('what is unknown or beyond the tree has no proof', async () => {
  assert.equal(await proveInclusion(db, scratchHash('nothing'), 3), null)
  assert.equal(await proveInclusion(db, world.desk, 1), null)
  assert.notEqual(await proveInclusion(db, world.desk, 2), null)
  assert.equal(await proveInclusion(db, world.desk, 1_000_000), null)
  assert.equal(await proveConsistency(db, 3, 2), null)
  assert.equal(await proveConsistency(db, 3, 1_000_000), null)
  assert.deepEqual(await proveConsistency(db, 0, 3), [])
})

test('the newest checkpoint is signed and names the proved root', async () => {
  const note = await newestCheckpoint(db, checkpointKeys())
  const checkpoint = await readCheckpoint(note, origin(), world.server.who)
  const { size, root } = await verifyLedger(db, { directory: world.directory })
  assert.deepEqual([checkpoint.size, checkpoint.root], [size, root])
})

test('without its transaction an entry does not count', async () => {
  const id = scratchHash('rolled back')
  const stopped = db.transaction().execute(async (tx) => {
    await ledger.accept(tx, { ...place, of: [{ chain: id, id, seq: 0, number: '2026-00000' }] })
    throw new RangeError('stopped')
  })
  await assert.rejects(stopped, RangeError)
  assert.equal(await receiptOf(db, id), null)
})

test('an entry carries the time of the clock that the writer was given', async () => {
  const id = scratchHash('later')
  const later = openLedgerWriter({ signer: world.server, clock: () => Date.UTC(2027, 0, 1) })
  const [receipt] = await db
    .transaction()
    .execute((tx) =>
      later.accept(tx, { ...place, of: [{ chain: id, id, seq: 0, number: '2027-00000' }] }),
    )
  assert.ok(receipt)
  assert.equal(readHead(receipt, 'ledger').at, '2027-01-01T00:00:00Z')
})

/** All places of small trees; in larger ones the ends, the middle and some. */
function placesIn(size: number): Set<number> {
  if (size <= 20) return new Set(Array.from({ length: size }, (_, i) => i))
  return new Set([1, 2, 9, Math.floor(size / 2), size - 2, size - 1])
}

function checkpointKeys() {
  return { signer: world.server, domain: 'example.org', desk: world.desk }
}

function origin(): string {
  return `example.org/postern/${world.desk.slice(0, 16)}`
}

function at<T>(list: readonly T[], i: number): T {
  const item = list[i]
  assert.ok(item !== undefined)
  return item
}
