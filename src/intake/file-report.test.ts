import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { NewStatement } from '#contract'
import { base64OfBytes, bytesOfHex, HOUR, timeOf } from '#lexicon'
import { LedgerError, verifyLedger } from '#ledger'
import {
  blobHash,
  type HeadOf,
  readHead,
  Refused,
  type Signer,
  signStatement,
  verifyReceipt,
} from '#seal'
import { untilBlocked } from '../../stories/blocked.ts'
import { newAssessment, newReport, type ReportDraft, sealedFile } from '../../stories/drafts.ts'
import { asOwner, intakeDepsOf, keepDeskChain, newHouse, upload } from '../../stories/house.ts'
import {
  admit,
  appendDesk,
  certOf,
  newActor,
  newWorld,
  renewDeskKeys,
  scratchHash,
} from '../../stories/world.ts'
import { fileReport, IntakeError, nodeDisk, openJournal, type Report } from './index.ts'

const house = await newHouse()
const { world, database } = house
const folder = mkdtempSync(join(tmpdir(), 'postern-journal-'))
const deps = intakeDepsOf(house, await openJournal({ folder, disk: nodeDisk }))
after(async () => {
  await database.close()
  rmSync(folder, { recursive: true })
})
const MIB = 1024 * 1024

test('a report is accepted once, and posting it again gives the same receipt', async () => {
  const { draft, request } = await newReport(world)
  const receipt = await receiptFor(request)
  const accepted = { desk: world.desk, chain: draft.id, id: draft.id, seq: 0 }
  const { head } = await verifyReceipt(receipt, world.server.who, accepted)
  assert.match(head.number, /^2026-/)
  assert.deepEqual(await receiptFor(request), receipt)
  assert.deepEqual(await rowsOf(draft.id), {
    cases: 1,
    statements: 1,
    vaults: 1,
    blobs: 1,
    told: 1,
  })
})

test('a receipt that was lost is given again, however late; a report signed long ago is not taken', async () => {
  const [came, late] = [await newReport(world), await newReport(world)]
  const receipt = await receiptFor(came.request)
  const { now } = world
  world.now += 2 * HOUR
  assert.deepEqual(await receiptFor(came.request), receipt)
  await refused(late.request, 'F9')
  world.now = now
})

test('ten identical posts at once are one report with one receipt', async () => {
  const { draft, request } = await withFile(2 * MIB + 5)
  const receipts = await Promise.all(Array.from({ length: 10 }, () => receiptFor(request)))
  assert.equal(new Set(receipts.map((receipt) => receipt.sig)).size, 1)
  assert.deepEqual(await rowsOf(draft.id), {
    cases: 1,
    statements: 1,
    vaults: 1,
    blobs: 2,
    told: 1,
  })
})

test('different reports at once all get their place', async () => {
  const drafts = await Promise.all([...'abcdefgh'].map((name) => newReport(world, { name })))
  const receipts = await Promise.all(drafts.map(({ request }) => receiptFor(request)))
  assert.equal(new Set(receipts.map((receipt) => receipt.sig)).size, 8)
  await verifyLedger(database.logins.ledger, { directory: world.directory })
})

test('key packets lie in the key store and nowhere else', async () => {
  const { draft, request } = await withFile(3 * MIB)
  await receiptFor(request)
  const rows = await asOwner(
    house,
    `select b.kind, p.n, p.bytes, k.bytes as keys from blobs.blob b
     join blobs.piece p using (upload) join keys.packet k using (upload)
     where b.chain = $1 and p.n = 0`,
    [Buffer.from(draft.id, 'hex')],
  )
  assert.deepEqual(new Set(rows.map((row) => row['kind'])), new Set(['body', 'file']))
  for (const { bytes, keys } of rows) {
    assert.ok(bytes instanceof Buffer && keys instanceof Buffer)
    assert.equal(bytes[0], 0xc0 | 18, 'the encrypted packet comes first')
    assert.equal(keys[0], 0xc0 | 1)
  }
})

test('a number that is taken is not given again', async () => {
  const given = [7, 7, 7, 9]
  const fixed = { ...deps, random: (length: number) => new Uint8Array(length).fill(pick()) }
  const pick = () => (given.length > 1 ? given.shift() : given[0]) ?? 0
  // Only case numbers take five bytes; uploads need their own ids.
  const random = (length: number) => (length === 5 ? fixed.random(5) : deps.random(length))
  const numbers = []
  for (const name of ['first of two', 'second of two']) {
    const { request } = await newReport(world, { name })
    const filed = await fileReport({ ...deps, random }, request)
    assert.ok('receipt' in filed)
    numbers.push((JSON.parse(filed.receipt.head) as { number: string }).number)
  }
  assert.deepEqual(numbers, ['2026-77777', '2026-99999'])
})

test('a report without a way back leaves no vault', async () => {
  const { draft, request } = await newReport(world, { source: 'api' })
  await receiptFor(request)
  assert.equal((await rowsOf(draft.id)).vaults, 0)
  const other = await newReport(world, { source: 'api', name: 'Reporter with a vault' })
  const { request: foreign } = await newReport(world)
  await refused({ ...other.request, vault: foreign.vault }, 'malformed')
})

test('a vault comes with every report that can be answered, and is its own', async () => {
  const { request } = await newReport(world, { name: 'Reporter 2' })
  const { request: foreign } = await newReport(world, { name: 'Reporter 3' })
  await refused({ report: request.report }, 'malformed')
  await refused({ ...request, vault: foreign.vault }, 'vault')
  const { vault } = request
  assert.ok(vault)
  await refused({ ...request, vault: { ...vault, lookup: '00'.repeat(16) } }, 'vault')
  await refused({ ...request, vault: { ...vault, vault: '{}' } }, 'vault')
})

test('a receipt code that another report has is refused', async () => {
  const { request } = await newReport(world, { name: 'Reporter 4' })
  await receiptFor(request)
  const second = await newReport(world, { name: 'Reporter 4', body: { text: 'Another one.' } })
  await refused({ ...second.request, vault: request.vault }, 'malformed')
})

test('what the head names and did not arrive', async () => {
  const { request } = await newReport(world, { name: 'Reporter 5' })
  await refused(changed(request, { blobs: [] }), 'incomplete')
  const [blob = ''] = request.report.blobs
  await refused(changed(request, { blobs: [blob, base64OfBytes(new Uint8Array(9))] }), 'malformed')
})

test('plaintext instead of a sealed body', async () => {
  const text = new TextEncoder().encode('{"text":"The password is hunter2."}\n')
  await refused(await withBody('Reporter 6', text), 'grammar')
})

test('a body sealed to one reader too few, or to another key than the desk’s', async () => {
  const alone = await newReport(world, { name: 'Reporter 7', source: 'api' })
  const [only = ''] = alone.request.report.blobs
  const bytes = new Uint8Array(Buffer.from(only, 'base64'))
  await refused(await withBody('Reporter 7', bytes), 'grammar')
  const elsewhere = await newWorld()
  const foreign = await newReport(elsewhere, { name: 'Reporter 8' })
  const [other = ''] = foreign.request.report.blobs
  const sealedElsewhere = new Uint8Array(Buffer.from(other, 'base64'))
  await refused(await withBody('Reporter 8', sealedElsewhere), 'grammar')
})

test('a file with a missing piece, with another piece, twice filed, or never uploaded', async () => {
  const certs = [certOf(world.keys, 'desk/1')]
  const file = await sealedFile(new Uint8Array(3 * MIB), 'missing piece', certs)
  const [first, , third] = file.pieces
  assert.ok(first && third)
  const gap = await upload(deps, { ...file, pieces: [first, third] })
  await refused((await newReport(world, { name: 'gap', files: [gap] })).request, 'incomplete')
  const swapped = { ...file, pieces: [first, { ...third, n: 1 }, { ...first, n: 2 }] }
  const other = await upload(deps, swapped)
  await refused((await newReport(world, { name: 'swapped', files: [other] })).request, 'incomplete')
  const absent = { ...file, upload: '00'.repeat(16) }
  await refused((await newReport(world, { name: 'absent', files: [absent] })).request, 'incomplete')
  const whole = await upload(deps, file)
  await receiptFor((await newReport(world, { name: 'whole', files: [whole] })).request)
  await refused((await newReport(world, { name: 'again', files: [whole] })).request, 'incomplete')
})

test('a report from the future', async () => {
  const at = timeOf(world.now + 11 * 60_000)
  await refused((await newReport(world, { name: 'future', change: { at } })).request, 'F9')
  const early = timeOf(world.now + 9 * 60_000)
  await receiptFor((await newReport(world, { name: 'early', change: { at: early } })).request)
})

test('a report that a member signed, or that pretends to be mail', async () => {
  const member = await signedBy(world.coordinator.signer)
  await refused(member, 'F5')
  await refused((await newReport(world, { change: { source: 'mail', enc: '' } })).request, 'F5')
})

test('an assessment: a coordinator opens it, without a vault; nobody else does', async () => {
  const { coordinator, maintainer, root, server } = world
  const { draft, request } = await newAssessment(world, coordinator.signer)
  const receipt = await receiptFor(request)
  assert.deepEqual(await receiptFor(request), receipt)
  const [row] = await asOwner(house, 'select source from desk.case where id = $1', [
    Buffer.from(bytesOfHex(draft.id)),
  ])
  assert.deepEqual(row, { source: 'assessment' })
  const stranger = (await newActor('Stranger')).signer
  for (const by of [maintainer.signer, stranger, root, server])
    await refused((await newAssessment(world, by)).request, 'F5')
  const answered = { enc: coordinator.key.cert }
  const { request: keyed } = await newAssessment(world, coordinator.signer, answered)
  await refused(keyed, 'malformed')
  const { request: report } = await newReport(world)
  await refused({ ...keyed, vault: report.vault }, 'vault')
  await refused(
    { ...(await newAssessment(world, coordinator.signer)).request, vault: report.vault },
    'malformed',
  )
})

test('a report for another desk, out of place, or with a broken signature', async () => {
  await refused((await newReport(world, { change: { desk: scratchHash('x') } })).request, 'F2')
  await refused((await newReport(world, { change: { seq: 1 } })).request, 'F2')
  await refused((await newReport(world, { change: { dir: scratchHash('x') } })).request, 'F4')
  await refused((await newReport(world, { change: { to: 'desk/2' } })).request, 'F7')
  const { request } = await newReport(world, { name: 'Reporter 9' })
  const { statement } = request.report
  const sig = statement.sig.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))
  await refused(changed(request, { statement: { ...statement, sig } }), 'F3')
  const spaced = { ...statement, head: statement.head.replace(':', ': ') }
  await refused(changed(request, { statement: spaced }), 'F1')
  const beat = world.batch.at(-1)
  assert.ok(beat)
  await refused({ report: beat }, 'F1')
})

test('a certificate that is none', async () => {
  const enc = certOf(world.keys, 'mail/1')
  await refused((await newReport(world, { change: { enc } })).request, 'cert')
})

test('a report sealed before the desk changed is to be sealed again', async () => {
  const { request } = await newReport(world, { name: 'slow' })
  await admit(world, world.coordinator.signer, await newActor('Maintainer 2'), ['maintainer:scipy'])
  await keepDeskChain(house)
  await refused(request, 'conflict')
  await receiptFor((await newReport(world, { name: 'slow' })).request)
})

test('a report that races with a change of the desk is judged after it', async () => {
  const { request } = await newReport(world, { name: 'racing' })
  await appendDesk(world, world.coordinator.signer, { type: 'desk.beat' })
  let late: Promise<unknown> = Promise.resolve()
  await keepDeskChain(house, async () => {
    late = fileReport(deps, request).then(String, (error: unknown) => error)
    await untilBlocked(database.admin)
  })
  const error = await late
  assert.ok(error instanceof IntakeError, String(error))
  assert.equal(error.code, 'conflict')
})

test('before the desk is set up nothing is taken', async () => {
  const none = { ...deps, directory: () => Promise.resolve(undefined) }
  const { request } = await newReport(world, { name: 'too early' })
  await assert.rejects(fileReport(none, request), { code: 'not-open' })
})

test('a desk whose letterbox went stale takes no report until it has a new key', async () => {
  const who = world.second.signer.who
  await appendDesk(world, world.root, { type: 'member.revoke', who, reason: '' })
  await keepDeskChain(house)
  await refused((await newReport(world, { name: 'stale' })).request, 'F7')
  await renewDeskKeys(world, world.coordinator)
  await keepDeskChain(house)
  await receiptFor((await newReport(world, { name: 'fresh again' })).request)
})

test('after all this the ledger verifies, and holds what the desk holds', async () => {
  await verifyLedger(database.logins.ledger, { directory: world.directory })
  const [counts] = await asOwner(
    house,
    `select (select count(*) from desk.statement) = (select count(*) from ledger.entry
       where of_chain <> $1) as same, (select count(*) from desk.case) > 10 as some`,
    [Buffer.from(world.desk, 'hex')],
  )
  assert.deepEqual(counts, { same: true, some: true })
})

async function receiptFor(request: Report) {
  const filed = await fileReport(deps, request)
  assert.ok('receipt' in filed)
  return filed.receipt
}

/** Refused for this reason, and nothing of it was kept. */
async function refused(request: Report, code: string): Promise<void> {
  const count = `select (select count(*) from desk.case) as cases,
    (select count(*) from desk.statement) as statements, (select count(*) from ledger.entry) as entries,
    (select count(*) from blobs.blob) as blobs, (select count(*) from keys.packet) as keys,
    (select count(*) from keys.vault) as vaults, (select count(*) from post.outbox) as told`
  const before = await asOwner(house, count)
  await assert.rejects(fileReport(deps, request), (error: unknown) => {
    const known =
      error instanceof IntakeError || error instanceof Refused || error instanceof LedgerError
    assert.ok(known, String(error))
    assert.equal(error.code, code, error.message)
    return true
  })
  assert.deepEqual(await asOwner(house, count), before)
}

function changed(request: Report, change: Partial<NewStatement>): Report {
  return { ...request, report: { ...request.report, ...change } }
}

async function withFile(size: number): Promise<ReportDraft> {
  const certs = [certOf(world.keys, 'desk/1'), (await newActor('Reporter 1')).key.cert]
  const name = `core ${size}`
  return newReport(world, {
    name,
    files: [await upload(deps, await sealedFile(new Uint8Array(size), name, certs))],
  })
}

/** A report with a true signature over a head that names these bytes as its body. */
async function withBody(name: string, body: Uint8Array<ArrayBuffer>): Promise<Report> {
  const { draft, request } = await newReport(world, { name })
  const head = { ...headOf(request), body: blobHash(body) }
  const statement = await signStatement(draft.reporter.signer, head)
  return changed(request, { statement, blobs: [base64OfBytes(body)] })
}

async function signedBy(signer: Signer): Promise<Report> {
  const { request } = await newReport(world, { source: 'api' })
  const head = { ...headOf(request), by: signer.who }
  return { report: { ...request.report, statement: await signStatement(signer, head) } }
}

function headOf({ report }: Report): HeadOf<'case.open'> {
  const head = readHead(report.statement, 'case')
  assert.ok(head.type === 'case.open')
  return head
}

async function rowsOf(caseId: string) {
  const [row] = await asOwner(
    house,
    `select (select count(*)::int from desk.case where id = $1) as cases,
       (select count(*)::int from desk.statement where chain = $1) as statements,
       (select count(*)::int from keys.vault where case_id = $1) as vaults,
       (select count(*)::int from blobs.blob where chain = $1) as blobs,
       (select count(*)::int from post.outbox where about = $1 and kind = 'report-received') as told`,
    [Buffer.from(bytesOfHex(caseId))],
  )
  assert.ok(row)
  return row
}
