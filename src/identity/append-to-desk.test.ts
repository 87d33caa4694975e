import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { CLOCK_SLACK, MINUTE } from '#lexicon'
import { entriesOf, verifyLedger } from '#ledger'
import { type HeadOf, readHead } from '#seal'
import { newHouse } from '../../stories/house.ts'
import {
  admit,
  appendDesk,
  newActor,
  renewDeskKeys,
  revoke,
  type World,
} from '../../stories/world.ts'
import { acceptDeskBatch } from './append-to-desk.ts'
import { readDeskChain, readDeskWrap } from './read-desk.ts'
import { openSession, type Session, sessionOf } from './session.ts'
import { sessionNow, trialIdentity } from './trial-identity.ts'

const house = await newHouse()
const { world, database } = house
const deps = trialIdentity(house)
after(() => database.close())
const by = sessionNow(deps, world.coordinator.signer.who)

/** What `work` appends to the world's chain, as a batch; the world goes back when the desk refuses it. */
async function drafted(work: (draft: World) => Promise<unknown>) {
  const draft: World = { ...world, batch: [...world.batch], keys: new Map(world.keys) }
  await work(draft)
  return {
    batch: draft.batch.slice(world.batch.length),
    keep: () => {
      world.batch.push(...draft.batch.slice(world.batch.length))
      world.directory = draft.directory
      for (const [name, key] of draft.keys) world.keys.set(name, key)
    },
  }
}
const beat = (draft: World) => appendDesk(draft, draft.coordinator.signer, { type: 'desk.beat' })

test('a statement is taken with its receipt, and again with the same one', async () => {
  const { batch, keep } = await drafted(beat)
  const [first, second] = await Promise.all([
    acceptDeskBatch(deps, { by, batch }),
    acceptDeskBatch(deps, { by, batch }),
  ])
  assert.deepEqual(first, second)
  assert.deepEqual(await acceptDeskBatch(deps, { by, batch }), first)
  keep()
  const page = await readDeskChain(deps, -1)
  assert.equal(page.statements.length, world.batch.length)
  assert.equal(page.more, false)
  assert.deepEqual(page.statements.at(-1)?.statement, batch[0]?.statement)
  assert.deepEqual(page.statements.at(-1)?.accepted, first[0])
  assert.deepEqual((await readDeskChain(deps, page.statements.length - 1)).statements, [])
})

test('whoever was slower learns it and changes nothing', async () => {
  const late = await drafted(beat)
  const early = await drafted((draft) =>
    appendDesk(draft, draft.second.signer, { type: 'desk.beat' }),
  )
  await acceptDeskBatch(deps, { by, batch: early.batch })
  early.keep()
  await assert.rejects(acceptDeskBatch(deps, { by, batch: late.batch }), { code: 'conflict' })
})

test('a forged, a foreign and a future statement are refused by the check that they fail', async () => {
  const { batch } = await drafted(beat)
  const forged = batch.map((item) => ({
    ...item,
    statement: { ...item.statement, sig: '1'.repeat(128) },
  }))
  await assert.rejects(acceptDeskBatch(deps, { by, batch: forged }), { code: 'F3' })
  const stranger = await drafted((draft) =>
    appendDesk(draft, draft.maintainer.signer, { type: 'desk.beat' }).catch(() => undefined),
  )
  assert.equal(stranger.batch.length, 0, 'the fold of the client refuses it already')
  const future = await drafted((draft) =>
    beat(Object.assign(draft, { now: draft.now + CLOCK_SLACK + MINUTE })),
  )
  await assert.rejects(acceptDeskBatch(deps, { by, batch: future.batch }), { code: 'F9' })
  const reporter: Session = { ...by, kind: 'reporter', caseId: world.desk }
  await assert.rejects(acceptDeskBatch(deps, { by: reporter, batch }), { code: 'not-found' })
})

test('a key comes with exactly its wraps, for exactly its readers', async () => {
  const { batch } = await drafted((draft) => renewDeskKeys(draft, draft.coordinator))
  const change = (blobs: (own: readonly string[]) => readonly string[]) =>
    batch.map((item, at) => (at === 0 ? { ...item, blobs: [...blobs(item.blobs)] } : item))
  const first = batch[0]?.blobs[0] ?? ''
  const taken = (blobs: Parameters<typeof change>[0]) =>
    acceptDeskBatch(deps, { by, batch: change(blobs) })
  await assert.rejects(
    taken((own) => own.slice(1)),
    { code: 'incomplete' },
  )
  await assert.rejects(
    taken((own) => [...own, first]),
    { code: 'malformed' },
  )
  await assert.rejects(
    taken((own) => [...own.slice(1), btoa('plain text, no message')]),
    {
      code: 'incomplete',
    },
  )
})

test('a wrap is handed to its reader and to nobody else', async () => {
  const { batch, keep } = await drafted((draft) => renewDeskKeys(draft, draft.coordinator))
  await acceptDeskBatch(deps, { by, batch })
  keep()
  const heads = batch.map(({ statement }) => readHead(statement, 'desk') as HeadOf<'desk.key'>)
  const desk = heads.find(({ circle }) => circle === 'desk')?.wraps ?? []
  const mail = heads.find(({ circle }) => circle === 'mail')?.wraps ?? []
  const { coordinator, second, maintainer } = world
  const as = (actor: typeof second): Session => sessionNow(deps, actor.signer.who)
  for (const { blob, to } of desk)
    for (const actor of [coordinator, second, maintainer]) {
      const given = await readDeskWrap(deps, as(actor), blob)
      assert.equal(given !== null, to === actor.signer.who)
    }
  const [wrap] = mail
  assert.ok(await readDeskWrap(deps, as(second), wrap?.blob ?? ''))
  assert.equal(await readDeskWrap(deps, as(maintainer), wrap?.blob ?? ''), null)
  const reporter: Session = { ...as(second), kind: 'reporter', caseId: world.desk }
  assert.equal(await readDeskWrap(deps, reporter, wrap?.blob ?? ''), null)
})

test('a coordinator ends only together with the next keys of desk and mail', async () => {
  const alone = await drafted((draft) => revoke(draft, draft.root, draft.second))
  await assert.rejects(acceptDeskBatch(deps, { by, batch: alone.batch }), { code: 'F8' })
  const { batch, keep } = await drafted(async (draft) => {
    await revoke(draft, draft.root, draft.second)
    await renewDeskKeys(draft, draft.coordinator)
  })
  // The mail key still opens for who left.
  await assert.rejects(acceptDeskBatch(deps, { by, batch: batch.slice(0, -1) }), { code: 'F8' })
  const other = await openSession(deps, deps.db, {
    kind: 'member',
    who: world.second.signer.who,
    way: 'key',
  })
  assert.ok(await sessionOf(deps, other))
  await acceptDeskBatch(deps, { by, batch })
  keep()
  assert.equal(await sessionOf(deps, other), undefined)
  const left = await deps.db.selectFrom('identity.session').select('who').execute()
  assert.equal(left.length, 0, 'the session is gone from the table, not only refused')
})

test('a batch of several authors is taken whole or not at all', async () => {
  const guest = await newActor('Guest 1')
  const { batch, keep } = await drafted(async (draft) => {
    await admit(draft, draft.coordinator.signer, guest, ['guest'])
    await appendDesk(draft, guest.signer, {
      type: 'member.revoke',
      who: guest.signer.who,
      reason: 'by myself',
    })
  })
  const broken = batch.with(1, {
    ...batch[1],
    statement: { head: batch[1]?.statement.head ?? '', sig: '2'.repeat(128) },
    blobs: [],
    uploads: [],
  })
  await assert.rejects(acceptDeskBatch(deps, { by, batch: broken }), { code: 'F3' })
  const before = (await deps.deskChain.current())?.head.seq
  assert.equal(before, world.directory.head.seq)
  assert.equal((await acceptDeskBatch(deps, { by, batch })).length, 2)
  keep()
})

test('in the end the ledger verifies and knows every statement of the chain', async () => {
  const { size } = await verifyLedger(database.logins.ledger, { directory: world.directory })
  const ids = [...world.directory.after.keys()]
  assert.equal((await entriesOf(deps.db, ids)).size, world.batch.length)
  assert.equal(size, world.batch.length + 1)
})
