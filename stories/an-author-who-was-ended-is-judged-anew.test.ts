import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { logIn, openCase, openDesk, refreshDesk } from '#client'
import { acceptCaseBatch, type DeskDeps, openCaseFolds, readCaseChain } from '#desk'
import { bytesOfText, textOfBytes } from '#lexicon'
import type { Directory } from '#seal'
import { openTrialDoor, type TrialDoor } from '../src/http/trial-door.ts'
import { type CaseDraft, caseStatement } from './drafts.ts'
import { deskDepsOf, type House, keepDeskChain, newHouse, reportFiler } from './house.ts'
import { dial, memoryOfOneProcess, type Meddle } from './in-process.ts'
import { type Actor, appendDesk, newActor, admit, revoke } from './world.ts'

/*
 * F6 in a session that goes on. What was folded once is believed while its authors stand; when one of them
 * was ended since, the whole chain is judged again under the directory of now, and what the ledger does not
 * prove to be older than that end is refused, though it was believed a minute before.
 */

let house: House
let filing: Awaited<ReturnType<typeof reportFiler>>
let door: TrialDoor
let asked: string[] = []
const meddle: Meddle = ({ path }, go) => {
  asked.push(path)
  return go()
}

before(async () => {
  house = await newHouse()
  filing = await reportFiler(house)
  door = await openTrialDoor(house)
})

after(async () => {
  await door.close()
  await filing.close()
  await house.database.close()
})

test('what an author wrote before they were ended stands, and is judged as at a first visit', async () => {
  const { world } = house
  const author = await newCoordinator('Coordinator 3')
  const draft = await filing.file('Reporter 1')
  await acknowledge(draft, author)
  const view = await work()
  const known = await openCase(view, draft.id)
  assert.notEqual(known.fold.acknowledged, '')

  await revoke(world, world.root, author)
  await keepDeskChain(house)
  const later = await refreshDesk(view)
  asked = []
  const anew = await openCase(later, draft.id, known)
  assert.ok(asked.includes(`/api/v1/cases/${draft.id}/statements?after=-1`), 'read as a whole')
  assert.deepEqual(anew, await openCase(later, draft.id))
  assert.equal(anew.fold.acknowledged, known.fold.acknowledged)
})

test('when somebody ends who wrote nothing here, only what came since is read', async () => {
  const { world } = house
  const silent = await newCoordinator('Coordinator 4')
  const draft = await filing.file('Reporter 2')
  await acknowledge(draft, world.coordinator)
  const view = await work()
  const known = await openCase(view, draft.id)

  await revoke(world, world.root, silent)
  await keepDeskChain(house)
  const later = await refreshDesk(view)
  asked = []
  await openCase(later, draft.id, known)
  const pages = asked.filter((path) => path.includes('/statements'))
  assert.deepEqual(pages, [`/api/v1/cases/${draft.id}/statements?after=${known.fold.head.seq - 1}`])
})

test('a server that hides an end lets the ended go on writing: found when it shows the end', async () => {
  const { world } = house
  const author = await newCoordinator('Coordinator 5')
  const draft = await filing.file('Reporter 3')
  const before = world.directory
  let hides = true
  const view = await work(async ({ path }, go) => {
    const after = /\/cases\/.*\/statements\?after=(-?\d+)/.exec(path)?.[1]
    if (after !== undefined) return chainAsIs(draft, before, Number(after))
    const answer = await go()
    return hides && path.includes('/desk/statements') ? withoutNewest(answer) : answer
  })
  await revoke(world, world.root, author)
  await keepDeskChain(house)

  // Whoever holds the ended key signs under the old directory, and this server takes it.
  await acknowledge(draft, author, before)
  const deceived = await refreshDesk(view)
  const known = await openCase(deceived, draft.id)
  assert.notEqual(known.fold.acknowledged, '', 'as long as the end is hidden it looks well')

  hides = false
  const later = await refreshDesk(deceived)
  await assert.rejects(openCase(later, draft.id, known), { name: 'Refused', code: 'F6' })
  await assert.rejects(openCase(later, draft.id), { name: 'Refused', code: 'F6' })
})

test('a server that cannot prove the order is not believed, though the statement was known', async () => {
  const { world } = house
  const author = await newCoordinator('Coordinator 6')
  const draft = await filing.file('Reporter 4')
  await acknowledge(draft, author)
  const { id } = draft.tail
  await caseAct(draft, world.coordinator, { type: 'case.sort', sort: 'question' })
  let silent = false
  const view = await work(async (request, go) => {
    const proof = silent && request.path.includes(id)
    return proof ? { status: 404, body: bytesOfText(JSON.stringify(NOTHING_HERE)) } : go()
  })
  const known = await openCase(view, draft.id)
  await revoke(world, world.root, author)
  await keepDeskChain(house)
  const later = await refreshDesk(view)
  silent = true
  await assert.rejects(openCase(later, draft.id, known), { name: 'Refused', code: 'F6' })
  silent = false
  assert.notEqual((await openCase(later, draft.id, known)).fold.acknowledged, '')
})

/** The first coordinator, at work with a memory of their own. */
async function work(how: Meddle = meddle) {
  const { world } = house
  const { signer, key } = world.coordinator
  const deps = { api: dial(door.origin, how), memory: memoryOfOneProcess(), clock: house.clock }
  const view = await openDesk(deps, world.desk)
  await logIn(view, { signer, key, root: undefined })
  return view
}

async function newCoordinator(name: string): Promise<Actor> {
  const { world } = house
  const actor = await newActor(name)
  await admit(world, world.root, actor, ['coordinator'])
  await appendDesk(world, world.coordinator.signer, { type: 'desk.beat' })
  await keepDeskChain(house)
  return actor
}

function acknowledge(draft: CaseDraft, by: Actor, directory?: Directory): Promise<void> {
  return caseAct(draft, by, { type: 'case.ack' }, directory)
}

const NOTHING_HERE = {
  type: 'urn:postern:problem:not-found',
  title: 'There is nothing here.',
  status: 404,
  code: 'not-found',
}

type Answer = Awaited<ReturnType<Meddle>>

function withoutNewest(answer: Answer): Answer {
  const page = JSON.parse(textOfBytes(answer.body)) as { statements: unknown[] }
  const statements = page.statements.slice(0, -1)
  return { ...answer, body: bytesOfText(JSON.stringify({ ...page, statements })) }
}

/** A chain that an honest server would not hand out any more: its own fold refuses it. */
async function chainAsIs({ id }: CaseDraft, directory: Directory, after: number): Promise<Answer> {
  const { who } = house.world.coordinator.signer
  const page = await readCaseChain(depsUnder(directory), { kind: 'member', who }, id, after)
  return { status: 200, body: bytesOfText(JSON.stringify(page)) }
}

/** A server that knows this directory and no newer one, or behaves so. */
function depsUnder(directory: Directory): DeskDeps {
  const current = () => Promise.resolve(directory)
  return { ...deskDepsOf(house), directory: current, folds: openCaseFolds({ directory: current }) }
}

async function caseAct(
  draft: CaseDraft,
  by: Actor,
  own: Parameters<typeof caseStatement>[3],
  directory = house.world.directory,
): Promise<void> {
  const { signer } = by
  const batch = [await caseStatement({ ...house.world, directory }, draft, signer, own)]
  const party = { kind: 'member', who: signer.who } as const
  await acceptCaseBatch(depsUnder(directory), { by: party, caseId: draft.id, batch })
}
