import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { caseMessage, caseStatement, caseTitle, newCircle } from '../../stories/drafts.ts'
import { asOwner, deskDepsOf, keepDeskChain, newHouse, reportFiler } from '../../stories/house.ts'
import { revoke } from '../../stories/world.ts'
import { acceptCaseBatch, openCaseFolds, type Party, readCaseChain, verifyCases } from './index.ts'

const house = await newHouse()
const { world, database } = house
const filing = await reportFiler(house)
after(async () => {
  await filing.close()
  await database.close()
})
const deps = deskDepsOf(house)
const db = database.logins.desk
const second = world.second.signer
const draft = await filing.file('Reporter 1')
const other = await filing.file('Reporter 2')
const by: Party = { kind: 'member', who: second.who }
const batch = [
  await newCircle(world, draft, second, 'all', 1, [draft.reporter, world.maintainer]),
  await caseMessage(world, draft, second, 'all/1', { text: 'Thank you.' }),
  await caseTitle(world, draft, second, 'Overflow'),
  await caseStatement(world, draft, second, { type: 'case.ack' }),
]
await acceptCaseBatch(deps, { by, caseId: draft.id, batch })

const TABLES = [
  ['desk', 'case'],
  ['desk', 'statement'],
  ['blobs', 'blob'],
  ['blobs', 'piece'],
  ['keys', 'packet'],
  ['keys', 'wrap'],
  ['keys', 'label'],
] as const
for (const [schema, name] of TABLES)
  await asOwner(house, `create table public.${schema}_${name} as table ${schema}."${name}"`)

beforeEach(restore)

test('whole cases verify', async () => {
  const found = await verifyCases(db, { directory: world.directory })
  assert.deepEqual(found, { cases: 2, statements: 6 })
})

test('a statement that was accepted and is gone, at the end of a chain or all of it', async () => {
  await broken(
    'delete from desk.statement where seq = 4',
    /statement 4 was accepted and is missing/,
  )
  await broken('delete from desk.statement', /statement 0 was accepted and is missing/)
  await broken('delete from desk."case"', /statement 0 was accepted and is missing/)
})

test('a changed head, a changed id, or swapped places', async () => {
  await broken(`update desk.statement set head = head || ' ' where seq = 3`, /fails check F1/)
  await broken(
    `update desk.statement set sig = set_byte(sig, 5, get_byte(sig, 5) # 1) where seq = 1`,
    /F3/,
  )
  await broken('update desk.statement set seq = seq + 10 where seq = 4', /statement 4 is not/)
})

test('a blob, its keys, a wrap or a label that is missing', async () => {
  await broken(`delete from blobs.blob where seq = 2`, /statement 2 names a body that is missing/)
  await broken(`delete from blobs.piece`, /names a body that is missing/)
  await broken(`delete from keys.packet`, /names a body that is missing/)
  await broken(`delete from keys.wrap where reader = 'desk/1'`, /statement 1 names a wrap/)
  await broken(`delete from keys.label`, /statement 3 names a label that is missing/)
})

test('what a revoked member said before still folds, and they see nothing any more', async () => {
  await revoke(world, world.root, world.second)
  await keepDeskChain(house)
  const fresh = { ...deps, folds: openCaseFolds({ directory: house.directory }) }
  const first: Party = { kind: 'member', who: world.coordinator.signer.who }
  assert.equal((await readCaseChain(fresh, first, draft.id, -1))?.statements.length, 5)
  assert.equal(await readCaseChain(fresh, by, draft.id, -1), null)
  await verifyCases(db, { directory: world.directory })
  const item = await caseStatement(world, draft, second, { type: 'case.ack' })
  const late = acceptCaseBatch(deps, { by: first, caseId: draft.id, batch: [item] })
  await assert.rejects(late, { code: 'F6' })
})

test('a statement that the ledger never accepted', async () => {
  const change = 'update ledger.entry set of_id = null, of_chain = null where of_seq = 0'
  const chain = Buffer.from(other.id, 'hex')
  await asOwner(house, `${change} and of_chain = $1`, [chain])
  await assert.rejects(verifyCases(db, { directory: world.directory }), {
    code: 'damaged',
    message: /statement 0 was never accepted/,
  })
})

test('only so many folds stay in memory, and a chain that grew is folded on', async () => {
  const folds = openCaseFolds({ directory: house.directory, kept: 1 })
  const one = await folds.newest(db, draft.id)
  assert.equal(await folds.newest(db, draft.id), one)
  assert.equal((await folds.newest(db, other.id))?.id, other.id)
  const again = await folds.newest(db, draft.id)
  assert.notEqual(again, one)
  assert.deepEqual(again?.head, one?.head)
  const { coordinator } = world
  draft.tail = one?.head ?? draft.tail
  const item = await caseStatement(world, draft, coordinator.signer, {
    type: 'case.sort',
    sort: 'question',
  })
  const party: Party = { kind: 'member', who: coordinator.signer.who }
  await acceptCaseBatch(deps, { by: party, caseId: draft.id, batch: [item] })
  const grown = await folds.newest(db, draft.id)
  assert.deepEqual([grown?.head, grown?.sort], [draft.tail, 'question'])
  assert.equal(await folds.newest(db, '00'.repeat(32)), undefined)
})

test('pages of one case that are asked for side by side fold it once, and each has its part', async () => {
  let folded = 0
  const directory: typeof house.directory = (seen) => {
    folded += 1
    return house.directory(seen)
  }
  const folds = openCaseFolds({ directory })
  const asked = [1, 2, 3].map(() => folds.newest(db, draft.id))
  const [one, ...others] = await Promise.all(asked)
  assert.equal(folded, 1)
  for (const fold of others) assert.equal(fold, one)
  const fresh = { ...deps, folds: openCaseFolds({ directory: house.directory }) }
  const party: Party = { kind: 'member', who: world.coordinator.signer.who }
  const whole = await readCaseChain(fresh, party, draft.id, -1)
  const parts = await Promise.all(
    [-1, 1, 3, 5].map((after) => readCaseChain(fresh, party, draft.id, after, 2)),
  )
  assert.deepEqual(
    parts.map((part) => [part?.statements.length, part?.more]),
    [
      [2, true],
      [2, true],
      [1, false],
      [0, false],
    ],
  )
  assert.deepEqual(
    parts.flatMap((part) => part?.statements ?? []),
    whole?.statements,
  )
})

test('a fold that fails is not waited for twice: who comes beside it fails of itself', async () => {
  let times = 0
  const directory = () => {
    times += 1
    return Promise.reject(new Error('no directory'))
  }
  const folds = openCaseFolds({ directory })
  const asked = [1, 2].map(() => folds.newest(db, draft.id))
  for (const each of await Promise.allSettled(asked)) assert.equal(each.status, 'rejected')
  assert.equal(times, 2)
})

async function broken(change: string, why: RegExp): Promise<void> {
  await asOwner(house, change)
  await assert.rejects(verifyCases(db, { directory: world.directory }), (error: unknown) => {
    assert.ok(error instanceof Error)
    assert.match(error.message, why)
    return true
  })
  await restore()
}

async function restore(): Promise<void> {
  for (const [schema, name] of TABLES) {
    await asOwner(house, `truncate ${schema}."${name}"`)
    await asOwner(house, `insert into ${schema}."${name}" table public.${schema}_${name}`)
  }
}
