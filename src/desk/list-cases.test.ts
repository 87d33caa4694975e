import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { bytesOfBase64, DAY, HOUR, timeOf } from '#lexicon'
import { labelKey, readHead, slotOf } from '#seal'
import {
  type CaseDraft,
  caseMessage,
  caseStatement,
  caseTitle,
  newCircle,
} from '../../stories/drafts.ts'
import { deskDepsOf, newHouse, reportFiler } from '../../stories/house.ts'
import { type Actor, keyOf } from '../../stories/world.ts'
import { acceptCaseBatch, type CaseQuery, countCases, listCases, type Party } from './index.ts'

const house = await newHouse()
const { world, database } = house
const filing = await reportFiler(house)
after(async () => {
  await filing.close()
  await database.close()
})
const deps = deskDepsOf(house)
const coordinator = world.coordinator.signer
const all = { lane: 'all', limit: 100 } as const
const closed = { lane: 'closed', limit: 100 } as const
const cases: CaseDraft[] = []
for (let i = 0; i < 7; i++) {
  world.now += HOUR
  cases.push(await filing.file(`Reporter ${i}`))
}
const start = world.now

test('a coordinator sees every open case, the longest waiting first', async () => {
  const { cases: rows, next } = await listCases(deps, member(world.coordinator), all)
  assert.equal(next, undefined)
  assert.deepEqual(
    rows.map((row) => row.id),
    cases.map((draft) => draft.id),
  )
  const [first] = rows
  assert.deepEqual(
    { ...first, number: '' },
    {
      id: cases[0]?.id,
      number: '',
      source: 'cli',
      received: timeOf(start - 6 * HOUR),
      due: timeOf(start - 6 * HOUR + 7 * DAY),
      state: 'open',
      sort: '',
      taken: '',
      acknowledged: false,
      last: 0,
      heard: [0],
      asked: 0,
    },
  )
})

test('an acknowledged case is not due, and stands behind those that are', async () => {
  const [first, second] = cases
  assert.ok(first && second)
  await append(first, await caseStatement(world, first, coordinator, { type: 'case.ack' }))
  const { cases: rows } = await listCases(deps, member(world.second), all)
  assert.equal(rows.at(-1)?.id, first.id)
  assert.equal(rows.at(-1)?.due, '')
  assert.equal(rows.at(-1)?.acknowledged, true)
  assert.equal(rows[0]?.id, second.id)
  const fresh = await listed(world.coordinator, { ...all, lane: 'new' })
  assert.deepEqual(fresh, idsOf(cases.slice(1)))
})

test('a closed case stands in its own lane, the last closed first', async () => {
  for (const draft of [cases[4], cases[2]]) {
    assert.ok(draft)
    world.now += HOUR
    await append(draft, await caseMessage(world, draft, coordinator, 'desk/1', { text: 'Spam.' }))
    await append(draft, await caseStatement(world, draft, coordinator, stateOf('closed')))
  }
  assert.deepEqual(await listed(world.coordinator, closed), idsOf([cases[2], cases[4]]))
  const open = await listed(world.coordinator, all)
  assert.deepEqual(open, idsOf([cases[1], cases[3], cases[5], cases[6], cases[0]]))
  const { cases: rows } = await listCases(deps, member(world.coordinator), closed)
  assert.deepEqual([rows[0]?.state, rows[0]?.due], ['closed', ''])
})

test('what a coordinator takes stands in their lane, and in nobody else’s', async () => {
  const [, taken] = cases
  assert.ok(taken)
  const take = async (who: string) =>
    append(taken, await caseStatement(world, taken, coordinator, { type: 'case.take', who }))
  const mine = { ...all, lane: 'mine' } as const
  await take(world.second.signer.who)
  assert.deepEqual(await listed(world.second, mine), [taken.id])
  assert.deepEqual(await listed(world.coordinator, mine), [])
  const { cases: rows } = await listCases(deps, member(world.coordinator), all)
  assert.equal(rows.find(({ id }) => id === taken.id)?.taken, world.second.signer.who)
  await take('')
  assert.deepEqual(await listed(world.second, mine), [])
})

test('a lane is filtered by sort', async () => {
  const [, one, two] = cases
  assert.ok(one && two)
  for (const draft of [one, two])
    await append(
      draft,
      await caseStatement(world, draft, coordinator, { type: 'case.sort', sort: 'invalid' }),
    )
  const invalid = (lane: CaseQuery['lane']) =>
    listed(world.coordinator, { ...all, lane, sort: 'invalid' })
  assert.deepEqual(await invalid('all'), [one.id])
  assert.deepEqual(await invalid('new'), [one.id])
  assert.deepEqual(await invalid('closed'), [two.id])
  assert.deepEqual(await invalid('waiting'), [])
})

test('a case that waits stands among the open ones and in its own lane', async () => {
  const [, , , , , waiting] = cases
  assert.ok(waiting)
  await append(waiting, await caseStatement(world, waiting, coordinator, stateOf('waiting')))
  assert.deepEqual(await listed(world.coordinator, { ...all, lane: 'waiting' }), [waiting.id])
  assert.ok((await listed(world.coordinator, all)).includes(waiting.id))
})

test('an assessment owes no acknowledgement: it is not new and not due', async () => {
  const { id } = await filing.assess()
  const rows = (await listCases(deps, member(world.coordinator), all)).cases
  const row = rows.find((each) => each.id === id)
  assert.deepEqual([row?.source, row?.due, row?.acknowledged], ['assessment', '', false])
  assert.ok(!(await listed(world.coordinator, { ...all, lane: 'new' })).includes(id))
})

test('each lane is counted, for whoever asks', async () => {
  const counts = { all: 6, new: 4, mine: 0, waiting: 1, closed: 2, held: 0 }
  assert.deepEqual(await countCases(deps, member(world.coordinator)), counts)
  const none = { all: 0, new: 0, mine: 0, waiting: 0, closed: 0, held: 0 }
  assert.deepEqual(await countCases(deps, member(world.maintainer)), none)
  const [first] = cases
  assert.ok(first)
  const { who } = first.reporter.signer
  assert.deepEqual(await countCases(deps, { kind: 'reporter', who, caseId: first.id }), none)
})

test('pages follow one another without a gap, and end', async () => {
  const whole = (await listCases(deps, member(world.coordinator), all)).cases
  const paged = []
  let after: string | undefined
  let pages = 0
  do {
    const query = { lane: 'all' as const, limit: 2, after }
    const page = await listCases(deps, member(world.coordinator), query)
    paged.push(...page.cases)
    after = page.next
    pages++
  } while (after !== undefined)
  assert.deepEqual(paged, whole)
  assert.equal(pages, 3)
  const [first] = (await listCases(deps, member(world.coordinator), { ...closed, limit: 1 })).cases
  const { next } = await listCases(deps, member(world.coordinator), { ...closed, limit: 1 })
  const rest = await listed(world.coordinator, { ...closed, after: next })
  assert.deepEqual([first?.id, ...rest], idsOf([cases[2], cases[4]]))
  const zero = '0'.repeat(64)
  for (const nonsense of ['', 'x', '0.1', `2.1.${zero}`, `0.1.${zero.slice(1)}'`, `c.1.${zero}`]) {
    const page = await listCases(deps, member(world.coordinator), { ...all, after: nonsense })
    assert.deepEqual(page, { cases: [] })
  }
})

test('a title comes with its label, for coordinators alone', async () => {
  const draft = cases[3]
  assert.ok(draft)
  await append(draft, await caseTitle(world, draft, coordinator, 'Overflow in the parser'))
  await append(draft, await newCircle(world, draft, coordinator, 'p-numpy', 1, [world.maintainer]))
  const { cases: rows } = await listCases(deps, member(world.second), all)
  const title = rows.find(({ id }) => id === draft.id)?.title
  assert.ok(title)
  const key = labelKey(keyOf(world.keys, 'desk/1').secret, world.desk)
  const slot = slotOf(readHead(title.statement, 'case'))
  const opened = await open(key, slot, bytesOfBase64(title.label))
  assert.equal(opened, 'Overflow in the parser')
  const own = await listCases(deps, member(world.maintainer), all)
  assert.deepEqual(
    own.cases.map((row) => [row.id, row.title]),
    [[draft.id, undefined]],
  )
})

test('a maintainer sees the cases that they take part in, until they are left out', async () => {
  const draft = cases[3]
  assert.ok(draft)
  await append(draft, await newCircle(world, draft, coordinator, 'p-numpy', 2, []))
  assert.deepEqual(await listCases(deps, member(world.maintainer), all), { cases: [] })
})

test('nobody else sees any', async () => {
  const [first] = cases
  assert.ok(first)
  const who = first.reporter.signer.who
  assert.deepEqual(await listCases(deps, { kind: 'member', who }, all), { cases: [] })
  const reporter: Party = { kind: 'reporter', who, caseId: first.id }
  assert.deepEqual(await listCases(deps, reporter, all), { cases: [] })
})

function idsOf(drafts: readonly (CaseDraft | undefined)[]): readonly string[] {
  return drafts.map((draft) => draft?.id ?? '')
}

async function listed(actor: Actor, query: CaseQuery): Promise<readonly string[]> {
  return (await listCases(deps, member(actor), query)).cases.map(({ id }) => id)
}

function stateOf(state: 'waiting' | 'closed') {
  return { type: 'case.state' as const, state, project: '' }
}

function member({ signer }: Actor): Party {
  return { kind: 'member', who: signer.who }
}

async function append(draft: CaseDraft, item: Parameters<typeof acceptCaseBatch>[1]['batch'][0]) {
  await acceptCaseBatch(deps, { by: member(world.coordinator), caseId: draft.id, batch: [item] })
}

/** As a coordinator's client opens it. */
async function open(
  key: Uint8Array<ArrayBuffer>,
  aad: Uint8Array<ArrayBuffer>,
  box: Uint8Array<ArrayBuffer>,
) {
  const aes = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt'])
  const parameters = { name: 'AES-GCM', iv: box.slice(0, 12), additionalData: aad }
  const text = new Uint8Array(await crypto.subtle.decrypt(parameters, aes, box.slice(12)))
  return new TextDecoder().decode(text.subarray(0, text.indexOf(0)))
}
