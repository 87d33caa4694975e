import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, beforeEach, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { bytesOfText, hexOfBytes, timeOf } from '#lexicon'
import { sha256 } from '#seal'
import { type Git, newestCommit, openHistory, pathsOf, takeDocuments } from '#valve'
import { keepDeskChain, newHouse } from '../../stories/house.ts'
import { appendDesk } from '../../stories/world.ts'
import { examinePublic } from './examine-public.ts'
import { HISTORY, openPublicSide, type PublicSide } from './public-side.ts'

/* What is withdrawn leaves the newest state of the history, here and where it was pushed. */

const house = await newHouse()
const { world, database } = house
const HERE = '# Here\n'
let scratch: string
let elsewhere: Git
let side: PublicSide
let place: Parameters<typeof openPublicSide>[0]

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'postern-side-'))
  elsewhere = await openHistory(join(scratch, 'elsewhere.git'))
  const data = { path: scratch, seed: new Uint8Array(32) }
  place = { data, settings: { publishTo: elsewhere.folder }, database }
  side = open()
  await takeDocuments(side.room, [bytesOfText(HERE)])
})
afterEach(async () => {
  await side.stop()
  await rm(scratch, { recursive: true })
})
after(() => database.close())

test('the only document is withdrawn: the pushed state holds it no more', async () => {
  const here = await release('guides/here.md', HERE)
  await until(async () => (await pushed()).includes('guides/here.md'))
  assert.deepEqual(await bad(), [])
  await side.stop()
  await withdraw(here)
  assert.deepEqual(await bad(), [`The newest state in ${HISTORY} holds what counts no more.`])
  side = open()
  await until(async () => (await pushed()).length === 0)
  assert.deepEqual(await bad(), [])
})

test('one that is withdrawn while nothing can be built leaves all the same, after a restart too', async () => {
  const here = await release('guides/here.md', HERE)
  await until(async () => (await pushed()).includes('guides/here.md'))
  const kept = await newestCommit(elsewhere)
  const away = await release('guides/away.md', '# Away\n')
  await until(() => side.room.tree.failure() !== undefined)
  await side.stop()
  side = open()
  await until(() => side.room.tree.failure() !== undefined)
  await side.stop()
  assert.equal(await newestCommit(elsewhere), kept, 'a build that fails takes nothing else away')
  await withdraw(here)
  side = open()
  await until(async () => (await pushed()).length === 0)
  await withdraw(away)
})

function open(): PublicSide {
  return openPublicSide(place, {
    url: 'https://security.example.org',
    directory: house.directory,
    addresses: [],
    look: new Map(),
    log: () => undefined,
  })
}

async function pushed(): Promise<readonly string[]> {
  const commit = await newestCommit(elsewhere)
  return commit === '' ? [] : pathsOf(elsewhere, commit)
}

async function bad(): Promise<readonly string[]> {
  const findings = await examinePublic(place, world.directory)
  return findings.filter(({ level }) => level === 'bad').map(({ what }) => what)
}

async function release(path: string, text: string): Promise<string> {
  const hash = hexOfBytes(sha256(bytesOfText(text)))
  const own = { path, sha256: hash, licence: 'CC-BY-4.0', not_before: timeOf(0), doc: '' }
  const what = await appendDesk(world, world.coordinator.signer, { type: 'release', ...own })
  await appendDesk(world, world.second.signer, { type: 'approve', what })
  await keepDeskChain(house)
  return what
}

async function withdraw(what: string): Promise<void> {
  await appendDesk(world, world.coordinator.signer, { type: 'withdraw', what })
  await keepDeskChain(house)
}

async function until(fact: () => boolean | Promise<boolean>): Promise<void> {
  for (let left = 100; left > 0; left--) {
    if (await fact()) return
    await wait(100)
  }
  assert.fail('it did not happen')
}
