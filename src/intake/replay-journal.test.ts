import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { type HeadOf, readHead, signStatement } from '#seal'
import { newReport, sealedFile } from '../../stories/drafts.ts'
import {
  asOwner,
  intakeDepsOf,
  keepDeskChain,
  newHouse,
  ownServer,
  upload,
} from '../../stories/house.ts'
import { appendDesk, certOf, newWorld } from '../../stories/world.ts'
import { type Disk, fileReport, nodeDisk, openJournal, putPiece, replayJournal } from './index.ts'

const server = await ownServer()
const house = await newHouse(server.database)
const { world } = house
const folder = mkdtempSync(join(tmpdir(), 'postern-journal-'))
const journal = await openJournal({ folder, disk: nodeDisk })
const deps = intakeDepsOf(house, journal)
after(async () => {
  await server.remove()
  rmSync(folder, { recursive: true })
})
const first = await newReport(world, { name: 'Reporter 1' })
const second = await newReport(world, { name: 'Reporter 2' })
const third = await newReport(world, { name: 'Reporter 3' })
const file = await upload(
  deps,
  await sealedFile(new Uint8Array(99), 'small', [certOf(world.keys, 'desk/1')]),
)
const withFile = await newReport(world, { name: 'Reporter 4', files: [file] })

test('with the database stopped a report is kept in the journal, once', async () => {
  await fileReport(deps, third.request)
  await server.stop()
  const posts = Array.from({ length: 10 }, () => fileReport(deps, first.request))
  for (const filed of await Promise.all(posts)) assert.deepEqual(filed, { journaled: true })
  assert.deepEqual(await fileReport(deps, second.request), { journaled: true })
  assert.deepEqual(journal.list(), [first.draft.id, second.draft.id])
  assert.equal(readdirSync(folder).length, 2)
})

test('what is not a whole sealed report is refused then too', async () => {
  const { request } = await newReport(world, { name: 'Reporter 5' })
  await assert.rejects(fileReport(deps, { report: { ...request.report, blobs: [] } }), {
    code: 'incomplete',
  })
  const { statement } = request.report
  const sig = `${statement.sig.slice(0, -1)}${statement.sig.endsWith('0') ? '1' : '0'}`
  const forged = { ...request.report, statement: { ...statement, sig } }
  await assert.rejects(fileReport(deps, { ...request, report: forged }), { code: 'F3' })
  assert.equal(journal.list().length, 2)
})

test('a report with files, and a piece of a file, have to wait', async () => {
  await assert.rejects(fileReport(deps, withFile.request), { code: 'unavailable' })
  const [piece] = file.pieces
  assert.ok(piece)
  await assert.rejects(putPiece(deps, file.upload, 0, piece.bytes), { code: 'unavailable' })
  assert.equal(journal.list().length, 2)
})

test('with a full disk nothing is taken', async () => {
  const full: Disk = {
    ...nodeDisk,
    create: () => Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' })),
  }
  const elsewhere = await openJournal({ folder: join(folder, 'full'), disk: full })
  const { request } = await newReport(world, { name: 'Reporter 6' })
  const taken = fileReport({ ...deps, journal: elsewhere }, request)
  await assert.rejects(taken, { code: 'disk-full' })
  rmSync(join(folder, 'full'), { recursive: true })
})

test('a replay with the database away changes nothing', async () => {
  assert.deepEqual(await replayJournal(deps), { accepted: 0, refused: 0, waiting: 2 })
})

test('when the database is back, whoever posts again gets the receipt', async () => {
  await server.start()
  const filed = await fileReport(deps, first.request)
  assert.ok('receipt' in filed)
  assert.deepEqual(journal.list(), [second.draft.id])
})

test('the replay accepts what waits although the desk changed meanwhile, once', async () => {
  await appendDesk(world, world.coordinator.signer, { type: 'desk.beat' })
  await keepDeskChain(house)
  // The commit counted, and the machine died before the entry was removed.
  const forgetful: Disk = { ...nodeDisk, remove: () => Promise.reject(new Error('died')) }
  const dying = await openJournal({ folder, disk: forgetful })
  await assert.rejects(replayJournal({ ...deps, journal: dying }), /died/)
  const after = await openJournal({ folder, disk: nodeDisk })
  assert.deepEqual(after.list(), [second.draft.id])
  const replay = await replayJournal({ ...deps, journal: after })
  assert.deepEqual(replay, { accepted: 1, refused: 0, waiting: 0 })
  assert.deepEqual(readdirSync(folder), [])
  const rows = await asOwner(house, 'select id from desk.case where id = $1', [
    Buffer.from(second.draft.id, 'hex'),
  ])
  assert.equal(rows.length, 1)
  const again = await fileReport(deps, second.request)
  assert.ok('receipt' in again)
})

test('a case counts from when its report came, not from when the database was back', async () => {
  const { draft, request } = await newReport(world, { name: 'Reporter 7' })
  const own = await openJournal({ folder: join(folder, 'late'), disk: nodeDisk })
  const arrived = world.now - 3 * 60 * 60_000
  await own.write({ id: draft.id, arrived, report: request.report, vault: request.vault })
  await replayJournal({ ...deps, journal: own })
  const [row] = await asOwner(house, 'select received from desk.case where id = $1', [
    Buffer.from(draft.id, 'hex'),
  ])
  assert.deepEqual(row?.['received'], new Date(arrived))
})

test('an entry that the desk refuses lies aside and holds up nobody', async () => {
  const own = await openJournal({ folder: join(folder, 'refused'), disk: nodeDisk })
  const elsewhere = await newReport(await newWorld(world.now + 1), { name: 'Reporter 8' })
  const good = await newReport(world, { name: 'Reporter 9' })
  for (const [i, { draft, request }] of [elsewhere, good].entries())
    await own.write({ id: draft.id, arrived: i, report: request.report, vault: request.vault })
  const replay = await replayJournal({ ...deps, journal: own })
  assert.deepEqual(replay, { accepted: 1, refused: 1, waiting: 0 })
  assert.deepEqual(readdirSync(join(folder, 'refused')), [`${elsewhere.draft.id}.refused`])
})

test('entries wait until the desk is set up', async () => {
  const own = await openJournal({ folder: join(folder, 'early'), disk: nodeDisk })
  const { draft, request } = await newReport(world, { name: 'Reporter 10' })
  await own.write({ id: draft.id, arrived: 1, report: request.report, vault: request.vault })
  const none = { ...deps, journal: own, directory: () => Promise.resolve(undefined) }
  assert.deepEqual(await replayJournal(none), { accepted: 0, refused: 0, waiting: 1 })
})

test('a report whose connection is cut while it is stored is accepted or kept, and never twice', async () => {
  for (let round = 0; round < 8; round++) {
    const { draft, request } = await newReport(world, { name: `cut ${round}` })
    const cut = async () => {
      await new Promise((done) => setTimeout(done, round * 4))
      await asOwner(
        house,
        `select pg_terminate_backend(pid) from pg_stat_activity where usename like '%_intake'`,
      )
    }
    const [filed] = await Promise.all([fileReport(deps, request), cut()])
    if ('journaled' in filed) assert.ok(journal.list().includes(draft.id))
    await replayJournal(deps)
    assert.deepEqual(journal.list(), [])
    const rows = await asOwner(house, 'select id from ledger.entry where of_id = $1', [
      Buffer.from(draft.id, 'hex'),
    ])
    assert.equal(rows.length, 1)
  }
})

test('only what begins a case is a report', async () => {
  const { draft, request } = await newReport(world, { name: 'Reporter 11' })
  const opened = readHead(request.report.statement, 'case') as HeadOf<'case.open'>
  const { v, desk, dir, log, at, by } = opened
  const place = { v, desk, dir, log, at, by, chain: draft.id, seq: 1, prev: draft.id }
  const statement = await signStatement(draft.reporter.signer, { ...place, type: 'case.ack' })
  const posted = fileReport(deps, { report: { statement, blobs: [], uploads: [] } })
  await assert.rejects(posted, { code: 'F2' })
})
