import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { NewStatement } from '#contract'
import { base64OfBytes } from '#lexicon'
import { LedgerError, verifyLedger } from '#ledger'
import { Refused, type Signer, verifyReceipt } from '#seal'
import { untilBlocked } from '../../stories/blocked.ts'
import {
  type CaseDraft,
  caseMessage,
  caseStatement,
  caseTitle,
  grantCircle,
  newCircle,
  newReport,
  sealedFile,
} from '../../stories/drafts.ts'
import {
  asOwner,
  deskDepsOf,
  keepDeskChain,
  newHouse,
  reportFiler,
  upload,
} from '../../stories/house.ts'
import { appendDesk, certOf, newActor, scratchHash } from '../../stories/world.ts'
import { acceptCaseBatch, DeskError, type Party, verifyCases } from './index.ts'

const house = await newHouse()
const { world, database } = house
const filing = await reportFiler(house)
after(async () => {
  await filing.close()
  await database.close()
})
const deps = deskDepsOf(house)
const coordinator = world.coordinator.signer
const by: Party = { kind: 'member', who: coordinator.who }

test('a batch is accepted, each with a receipt, and the same batch gets the same receipts', async () => {
  const draft = await filing.file('Reporter 1')
  const batch = await answer(draft)
  const receipts = await accept(draft, batch)
  assert.equal(receipts.length, 3)
  const accepted = { desk: world.desk, chain: draft.id, ...draft.tail }
  assert.ok(receipts[2])
  await verifyReceipt(receipts[2], world.server.who, accepted)
  assert.deepEqual(await accept(draft, batch), receipts)
  const again = await Promise.all(Array.from({ length: 5 }, () => accept(draft, batch)))
  for (const each of again) assert.deepEqual(each, receipts)
})

test('ten identical batches at once are one', async () => {
  const draft = await filing.file('Reporter 2')
  const batch = await answer(draft)
  const all = await Promise.all(Array.from({ length: 10 }, () => accept(draft, batch)))
  for (const each of all) assert.deepEqual(each, all[0])
  assert.equal((await statementsOf(draft)).length, 4)
})

test('of two different appends at once one is accepted and one is a conflict', async () => {
  for (let round = 0; round < 5; round++) {
    const draft = await filing.file(`Reporter race ${round}`)
    await accept(draft, await answer(draft))
    const other = { ...draft }
    const second = world.second.signer
    const one = [await caseMessage(world, draft, coordinator, 'all/1', { text: 'One.' })]
    const two = [await caseMessage(world, other, second, 'all/1', { text: 'Two.' })]
    const results = await Promise.allSettled([accept(draft, one), accept(draft, two)])
    assert.deepEqual(results.map((result) => result.status).sort(order), ['fulfilled', 'rejected'])
    const lost = results.find((result) => result.status === 'rejected')
    assert.ok(lost?.reason instanceof DeskError)
    assert.equal(lost.reason.code, 'conflict')
    assert.equal((await statementsOf(draft)).length, 5)
  }
})

test('also when both make a title, which lie at one place of the key store', async () => {
  const draft = await filing.file('Reporter two titles')
  const other = { ...draft }
  const one = [await caseTitle(world, draft, coordinator, 'Overflow')]
  const two = [await caseTitle(world, other, world.second.signer, 'Underflow')]
  const results = await Promise.allSettled([accept(draft, one), accept(draft, two)])
  const lost = results.find((result) => result.status === 'rejected')
  assert.ok(lost?.reason instanceof DeskError, String(lost?.reason))
  assert.equal(lost.reason.code, 'conflict')
})

test('a batch with one bad statement is not taken at all', async () => {
  const draft = await filing.file('Reporter 3')
  const start = draft.tail
  const good = await answer(draft)
  const bad = await caseStatement(world, draft, draft.reporter.signer, { type: 'case.ack' })
  await refused(draft, [...good, bad], 'F5')
  draft.tail = start
  await accept(draft, await answer(draft))
})

test('a place that is taken, or beyond the end', async () => {
  const draft = await filing.file('Reporter 4')
  const start = draft.tail
  await accept(draft, [await caseStatement(world, draft, coordinator, { type: 'case.ack' })])
  const before = { ...draft, tail: start }
  const late = await caseStatement(world, before, coordinator, {
    type: 'case.sort',
    sort: 'public',
  })
  await refused(draft, [late], 'conflict')
  const ahead = { ...draft, tail: { id: draft.tail.id, seq: draft.tail.seq + 1 } }
  const gap = await caseStatement(world, ahead, coordinator, { type: 'case.ack' })
  await refused(draft, [gap], 'conflict')
  const astray = { ...draft, tail: { id: scratchHash('x'), seq: draft.tail.seq } }
  await refused(
    draft,
    [await caseStatement(world, astray, coordinator, { type: 'case.ack' })],
    'conflict',
  )
})

test('a gap inside a batch', async () => {
  const draft = await filing.file('Reporter 5')
  const first = await caseStatement(world, draft, coordinator, { type: 'case.ack' })
  draft.tail = { ...draft.tail, seq: draft.tail.seq + 1 }
  const third = await caseStatement(world, draft, coordinator, { type: 'case.ack' })
  await refused(draft, [first, third], 'F2')
})

test('statements of another case, or a second beginning', async () => {
  const draft = await filing.file('Reporter 6')
  const other = await filing.file('Reporter 7')
  await refused(draft, [await caseStatement(world, other, coordinator, { type: 'case.ack' })], 'F2')
  const { request } = await newReport(world, { name: 'Reporter 8' })
  await refused(draft, [request.report], 'F2')
})

test('a message without its body, with a blob too many, or in plain text', async () => {
  const draft = await filing.file('Reporter 9')
  await accept(draft, await answer(draft))
  const message = await caseMessage(world, draft, coordinator, 'all/1', { text: 'Hello.' })
  await refused(draft, [{ ...message, blobs: [] }], 'incomplete')
  const more = [...message.blobs, base64OfBytes(new Uint8Array(10))]
  await refused(draft, [{ ...message, blobs: more }], 'malformed')
  const plain = { ...message, blobs: [base64OfBytes(new TextEncoder().encode('Hello.'))] }
  await refused(draft, [plain], 'incomplete')
})

test('a message sealed to another key than the one that it names', async () => {
  const draft = await filing.file('Reporter 10')
  await accept(draft, await answer(draft))
  const start = draft.tail
  const wrong: CaseDraft = { ...draft, keys: new Map([['all/1', draft.reporter.key]]) }
  const message = await caseMessage(world, wrong, coordinator, 'all/1', { text: 'Hello.' })
  await refused(draft, [message], 'grammar')
  draft.tail = start
  const stranger = await newActor('Stranger')
  const maintainer = { ...world.maintainer, key: stranger.key }
  const grant = await grantCircle(world, { ...draft }, coordinator, 'all', [1], maintainer)
  await refused(draft, [grant], 'grammar')
})

test('a file sealed to another key, or with a missing piece', async () => {
  const draft = await filing.file('Reporter 11')
  await accept(draft, await answer(draft))
  const content = new Uint8Array(2 * 1024 * 1024)
  const toDesk = await sealedFile(content, 'for the desk', [certOf(world.keys, 'desk/1')])
  const all = await sealedFile(content, 'for all', [certOf(draft.keys, 'all/1')])
  const two = await sealedFile(content, 'for two', [
    certOf(draft.keys, 'all/1'),
    certOf(world.keys, 'desk/1'),
  ])
  for (const [file, code] of [
    [await upload(filing.deps, toDesk), 'grammar'],
    [await upload(filing.deps, two), 'grammar'],
    [await upload(filing.deps, { ...all, pieces: all.pieces.slice(1) }), 'incomplete'],
  ] as const) {
    const view = { ...draft }
    const message = await caseMessage(world, view, coordinator, 'all/1', { text: '' }, [file])
    await refused(draft, [message], code)
  }
  const whole = await upload(filing.deps, all)
  await accept(draft, [
    await caseMessage(world, draft, coordinator, 'all/1', { text: '' }, [whole]),
  ])
  await refused(
    draft,
    [await caseMessage(world, { ...draft }, coordinator, 'all/1', { text: '' }, [whole])],
    'incomplete',
  )
})

test('a wrap that an earlier statement named', async () => {
  const draft = await filing.file('Reporter 12')
  const batch = await answer(draft)
  await accept(draft, batch)
  const first = batch[0]
  assert.ok(first)
  const head = JSON.parse(first.statement.head) as { wraps: { blob: string; to: string }[] }
  const wraps = [{ blob: head.wraps[1]?.blob ?? '', epoch: 1, to: draft.reporter.signer.who }]
  const own = { type: 'case.grant' as const, circle: 'all', wraps }
  const [, blob] = first.blobs
  const again = await caseStatement(world, draft, coordinator, own)
  await refused(draft, [{ ...again, blobs: [blob ?? ''] }], 'incomplete')
})

test('a certificate of the wrong kind', async () => {
  const draft = await filing.file('Reporter 13')
  const wrong = certOf(world.keys, 'mail/1')
  const own = { type: 'case.key' as const, circle: 'all', epoch: 1, cert: wrong, wraps: [] }
  await refused(draft, [await caseStatement(world, draft, coordinator, own)], 'cert')
})

test('a statement from the future', async () => {
  const draft = await filing.file('Reporter 14')
  world.now += 11 * 60_000
  const early = await caseStatement(world, { ...draft }, coordinator, { type: 'case.ack' })
  world.now -= 11 * 60_000
  await refused(draft, [early], 'F9')
})

test('what an author may not say, the fold refuses', async () => {
  const draft = await filing.file('Reporter 15')
  const say = (signer: Signer) => caseStatement(world, { ...draft }, signer, { type: 'case.ack' })
  await refused(draft, [await say(draft.reporter.signer)], 'F5')
  await refused(draft, [await say(world.maintainer.signer)], 'F5')
  await refused(draft, [await say(world.server)], 'F5')
  const closed = { type: 'case.state' as const, state: 'closed' as const, project: '' }
  await refused(draft, [await caseStatement(world, { ...draft }, coordinator, closed)], 'F8')
})

test('a broken signature, or a head that is not canonical', async () => {
  const draft = await filing.file('Reporter 16')
  const item = await caseStatement(world, draft, coordinator, { type: 'case.ack' })
  const { head, sig } = item.statement
  const forged = sig.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))
  await refused(draft, [{ ...item, statement: { head, sig: forged } }], 'F3')
  await refused(draft, [{ ...item, statement: { head: ` ${head}`, sig } }], 'F1')
})

test('whoever does not take part learns nothing, not even that there is a case', async () => {
  const draft = await filing.file('Reporter 17')
  const other = await filing.file('Reporter 18')
  const item = await caseStatement(world, draft, coordinator, { type: 'case.ack' })
  const strangers: Party[] = [
    { kind: 'member', who: world.maintainer.signer.who },
    { kind: 'member', who: scratchHash('nobody') },
    { kind: 'reporter', who: other.reporter.signer.who, caseId: other.id },
    { kind: 'reporter', who: other.reporter.signer.who, caseId: draft.id },
    { kind: 'reporter', who: draft.reporter.signer.who, caseId: other.id },
  ]
  const unknown = scratchHash('unknown case')
  const absent = acceptCaseBatch(deps, { by, caseId: unknown, batch: [item] })
  const said = await refusalOf(absent)
  for (const stranger of strangers) {
    const tried = acceptCaseBatch(deps, { by: stranger, caseId: draft.id, batch: [item] })
    await assert.rejects(tried, { code: 'not-found' })
    assert.equal(await refusalOf(tried), said)
  }
  assert.equal((await statementsOf(draft)).length, 1)
})

test('an author who has not seen the newest desk statement reads anew', async () => {
  const draft = await filing.file('Reporter 19')
  const view = { ...draft }
  const slow = await caseStatement(world, view, coordinator, { type: 'case.ack' })
  await appendDesk(world, coordinator, { type: 'desk.beat' })
  await keepDeskChain(house)
  await refused(draft, [slow], 'conflict')
  await accept(draft, [await caseStatement(world, draft, coordinator, { type: 'case.ack' })])
})

test('a statement that races with a change of the desk is judged after it', async () => {
  const draft = await filing.file('Reporter race with the desk')
  const item = await caseStatement(world, { ...draft }, coordinator, { type: 'case.ack' })
  await appendDesk(world, coordinator, { type: 'desk.beat' })
  let late: Promise<unknown> = Promise.resolve()
  await keepDeskChain(house, async () => {
    late = accept(draft, [item]).then(String, (error: unknown) => error)
    await untilBlocked(database.admin)
  })
  const error = await late
  assert.ok(error instanceof DeskError, String(error))
  assert.equal(error.code, 'conflict')
})

test('the queue’s columns follow the fold', async () => {
  const draft = await filing.file('Reporter 20')
  assert.deepEqual(await columnsOf(draft), ['open', '', 0, false, false, null])
  await accept(draft, await answer(draft))
  const title = await caseTitle(world, draft, coordinator, 'Overflow')
  const ack = await caseStatement(world, draft, coordinator, { type: 'case.ack' })
  const sort = await caseStatement(world, draft, coordinator, {
    type: 'case.sort',
    sort: 'vulnerability',
  })
  await accept(draft, [title, ack, sort])
  assert.deepEqual(await columnsOf(draft), ['open', 'vulnerability', 6, true, false, 4])
  const state = (to: 'open' | 'closed') =>
    caseStatement(world, draft, coordinator, { type: 'case.state', state: to, project: '' })
  await accept(draft, [await state('closed')])
  assert.deepEqual(await columnsOf(draft), ['closed', 'vulnerability', 7, true, true, 4])
  await accept(draft, [await state('open')])
  assert.deepEqual(await columnsOf(draft), ['open', 'vulnerability', 8, true, false, 4])
})

test('each accepted batch leaves one word in the outbox, and no more', async () => {
  const draft = await filing.file('Reporter 21')
  await accept(draft, await answer(draft))
  const rows = await asOwner(house, 'select kind from post.outbox where about = $1 order by id', [
    Buffer.from(draft.id, 'hex'),
  ])
  assert.deepEqual(
    rows.map((row) => row['kind']),
    ['report-received', 'case-changed'],
  )
})

test('after all this everything verifies', async () => {
  await verifyLedger(database.logins.ledger, { directory: world.directory })
  const { cases } = await verifyCases(database.logins.desk, { directory: world.directory })
  assert.ok(cases > 20)
})

/** The first answer: a circle for the reporter, an acknowledgement, a message. */
async function answer(draft: CaseDraft): Promise<NewStatement[]> {
  return [
    await newCircle(world, draft, coordinator, 'all', 1, [draft.reporter]),
    await caseMessage(world, draft, coordinator, 'all/1', { text: 'Thank you.' }),
    await caseMessage(world, draft, coordinator, 'desk/1', { text: 'Who knows this code?' }),
  ]
}

function accept(draft: CaseDraft, batch: readonly NewStatement[]) {
  return acceptCaseBatch(deps, { by, caseId: draft.id, batch })
}

/** Refused for this reason, and nothing of it was kept. */
async function refused(
  draft: CaseDraft,
  batch: readonly NewStatement[],
  code: string,
): Promise<void> {
  const count = `select (select count(*) from desk.statement) as statements,
    (select count(*) from ledger.entry) as entries, (select count(*) from blobs.blob) as blobs,
    (select count(*) from keys.packet) as packets, (select count(*) from keys.wrap) as wraps,
    (select count(*) from post.outbox) as told`
  const before = await asOwner(house, count)
  await assert.rejects(accept(draft, batch), (error: unknown) => {
    const known =
      error instanceof DeskError || error instanceof Refused || error instanceof LedgerError
    assert.ok(known, String(error))
    assert.equal(error.code, code, error.message)
    return true
  })
  assert.deepEqual(await asOwner(house, count), before)
}

async function refusalOf(tried: Promise<unknown>): Promise<string> {
  return tried.then(() => assert.fail('taken'), String)
}

async function statementsOf(draft: CaseDraft) {
  return asOwner(house, 'select seq from desk.statement where chain = $1', [
    Buffer.from(draft.id, 'hex'),
  ])
}

async function columnsOf(draft: CaseDraft) {
  const [row] = await asOwner(
    house,
    `select state, sort, last_seq, acknowledged is not null as acked, closed is not null as ended,
       title_seq from desk.case where id = $1`,
    [Buffer.from(draft.id, 'hex')],
  )
  return Object.values(row ?? {})
}

function order(a: string, b: string): number {
  return a < b ? -1 : 1
}
