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
import { acceptCaseBatch, listCases, type Party } from './index.ts'

const house = await newHouse()
const { world, database } = house
const filing = await reportFiler(house)
after(async () => {
  await filing.close()
  await database.close()
})
const deps = deskDepsOf(house)
const coordinator = world.coordinator.signer
const all = { state: 'all', limit: 100 } as const
const cases: CaseDraft[] = []
for (let i = 0; i < 7; i++) {
  world.now += HOUR
  cases.push(await filing.file(`Reporter ${i}`))
}
const start = world.now

test('a coordinator sees every case, the longest waiting first', async () => {
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
      last: 0,
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
  assert.equal(rows[0]?.id, second.id)
})

test('a closed case is listed only when all are asked for', async () => {
  const draft = cases[2]
  assert.ok(draft)
  await append(draft, await caseMessage(world, draft, coordinator, 'desk/1', { text: 'Spam.' }))
  const closed = { type: 'case.state' as const, state: 'closed' as const, project: '' }
  await append(draft, await caseStatement(world, draft, coordinator, closed))
  const open = await listCases(deps, member(world.coordinator), { state: 'open', limit: 100 })
  assert.equal(open.cases.length, 6)
  assert.ok(open.cases.every((row) => row.id !== draft.id))
  const { cases: rows } = await listCases(deps, member(world.coordinator), all)
  const row = rows.find(({ id }) => id === draft.id)
  assert.deepEqual([row?.state, row?.due], ['closed', ''])
})

test('pages follow one another without a gap, and end', async () => {
  const whole = (await listCases(deps, member(world.coordinator), all)).cases
  const paged = []
  let after: string | undefined
  let pages = 0
  do {
    const query = { state: 'all' as const, limit: 2, after }
    const page = await listCases(deps, member(world.coordinator), query)
    paged.push(...page.cases)
    after = page.next
    pages++
  } while (after !== undefined)
  assert.deepEqual(paged, whole)
  assert.equal(pages, 4)
  for (const nonsense of ['', 'x', '0.1', `2.1.${'0'.repeat(64)}`, `0.1.${'0'.repeat(63)}'`]) {
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
