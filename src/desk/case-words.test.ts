import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { type CaseDraft, caseMessage, caseStatement, newCircle } from '../../stories/drafts.ts'
import { asOwner, deskDepsOf, newHouse, reportFiler } from '../../stories/house.ts'
import type { Actor } from '../../stories/world.ts'
import { acceptCaseBatch, listCases, type Party } from './index.ts'

const house = await newHouse()
const { world, database } = house
const filing = await reportFiler(house)
after(async () => {
  await filing.close()
  await database.close()
})
const deps = deskDepsOf(house)
const { coordinator, second, maintainer } = world

test('what others wrote is heard, one’s own words and acts are not', async () => {
  const draft = await filing.file('A report')
  assert.deepEqual(await rowOf(draft, coordinator), { heard: [0], asked: 0 })
  await append(draft, await caseStatement(world, draft, coordinator.signer, { type: 'case.ack' }))
  await append(draft, await newCircle(world, draft, coordinator.signer, 'all', 1, [draft.reporter]))
  assert.deepEqual(await rowOf(draft, coordinator), { heard: [0], asked: 0 })
  await say(draft, coordinator, 'all/1')
  // Who wrote has read what stood before.
  assert.deepEqual(await rowOf(draft, coordinator), { heard: [], asked: undefined })
  assert.deepEqual(await rowOf(draft, second), { heard: [3, 0], asked: undefined })
  await say(draft, draft.reporter, 'all/1')
  await say(draft, second, 'desk/1')
  // A note of the team is no answer: the reporter waits on.
  assert.deepEqual(await rowOf(draft, coordinator), { heard: [5, 4], asked: 4 })
  const waiting = { type: 'case.state', state: 'waiting', project: '' } as const
  await append(draft, await caseStatement(world, draft, coordinator.signer, waiting))
  assert.equal((await rowOf(draft, coordinator))?.asked, undefined)
  await say(draft, draft.reporter, 'all/1')
  assert.equal((await rowOf(draft, coordinator))?.asked, 7)
})

test('who reads one thread hears of nothing else', async () => {
  const draft = await filing.file('Another')
  const circle = await newCircle(world, draft, coordinator.signer, 'p-numpy', 1, [maintainer])
  await append(draft, circle)
  await say(draft, coordinator, 'desk/1')
  await say(draft, coordinator, 'p-numpy/1')
  assert.deepEqual((await rowOf(draft, maintainer))?.heard, [3])
})

test('an assessment waits for nobody, and more than ten are not counted', async () => {
  const { id } = await filing.assess()
  assert.equal((await rowOf({ id }, coordinator))?.asked, undefined)
  const draft = await filing.file('Much')
  for (let n = 0; n < 11; n++) await say(draft, second, 'desk/1')
  assert.equal((await rowOf(draft, coordinator))?.heard.length, 10)
})

test('an upgrade finds in old chains what the desk writes beside new ones', async () => {
  const table = () =>
    asOwner(
      house,
      'select number, recent, asked_seq from desk."case" where last_seq > 0 order by 1',
    )
  const written = await table()
  assert.ok(written.length >= 3)
  await asOwner(house, 'update desk."case" set recent = null, asked_seq = null')
  const upgrade = readFileSync(join(MIGRATIONS, '0005-words.sql'), 'utf8')
  for (const [statement] of upgrade.matchAll(/^(?:with|update)\b[^;]*;/gm))
    await asOwner(house, statement)
  assert.deepEqual(await table(), written)
})

const MIGRATIONS = join(import.meta.dirname, '../store/migrations')

type Author = Pick<Actor, 'signer'>

async function say(draft: CaseDraft, { signer }: Author, to: string) {
  const by: Party =
    signer.who === draft.reporter.signer.who
      ? { kind: 'reporter', who: signer.who, caseId: draft.id }
      : member({ signer })
  const item = await caseMessage(world, draft, signer, to, { text: 'Words.' })
  await acceptCaseBatch(deps, { by, caseId: draft.id, batch: [item] })
}

async function append(draft: CaseDraft, item: Parameters<typeof acceptCaseBatch>[1]['batch'][0]) {
  await acceptCaseBatch(deps, { by: member(coordinator), caseId: draft.id, batch: [item] })
}

async function rowOf({ id }: { readonly id: string }, who: Author) {
  const { cases } = await listCases(deps, member(who), { lane: 'all', limit: 100 })
  const row = cases.find((each) => each.id === id)
  return row && { heard: row.heard, asked: row.asked }
}

function member({ signer }: Author): Party {
  return { kind: 'member', who: signer.who }
}
