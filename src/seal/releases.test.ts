import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY, HOUR, timeOf } from '#lexicon'
import { appendDesk, newWorld, type World } from '../../stories/world.ts'
import { releasesAt } from './releases.ts'

const hash = (digit: string) => digit.repeat(64)
const NEVER = '1970-01-01T00:00:00Z'

type Wish = { path?: string; sha256?: string; licence?: string; not_before?: string; doc?: string }

function release(world: World, wish: Wish = {}, by = world.coordinator): Promise<string> {
  world.now += HOUR
  return appendDesk(world, by.signer, {
    type: 'release',
    path: 'pages/about.md',
    sha256: hash('a'),
    licence: 'CC-BY-4.0',
    not_before: NEVER,
    doc: '',
    ...wish,
  })
}

async function approved(world: World, wish: Wish = {}): Promise<string> {
  const what = await release(world, wish)
  await appendDesk(world, world.second.signer, { type: 'approve', what })
  return what
}

async function withdraw(world: World, what: string): Promise<void> {
  world.now += HOUR
  await appendDesk(world, world.second.signer, { type: 'withdraw', what })
}

/** Path and release, as they count at the world's time. */
function now(world: World, later = 0): [string, string][] {
  const { now: effective } = releasesAt(world.directory, world.now + later)
  return [...effective].map(([path, { id }]) => [path, id])
}

test('a release counts by its approval, a contact fact by itself', async () => {
  const world = await newWorld()
  const about = await release(world)
  assert.deepEqual(now(world), [])
  const fact = await release(world, { path: '.well-known/security.txt' })
  assert.deepEqual(now(world), [['.well-known/security.txt', fact]])
  world.now += HOUR
  await appendDesk(world, world.second.signer, { type: 'approve', what: about })
  const { now: effective } = releasesAt(world.directory, world.now)
  const page = effective.get('pages/about.md')
  assert.equal(page?.approvedBy, world.second.signer.who)
  assert.equal(page.by, world.coordinator.signer.who)
  assert.equal(page.at, timeOf(world.now))
  assert.equal(effective.get('.well-known/security.txt')?.approvedBy, '')
})

test('a new version names the one that counts, or is refused', async () => {
  const world = await newWorld()
  const first = await approved(world)
  const blind = await approved(world, { sha256: hash('b') })
  assert.deepEqual(now(world), [['pages/about.md', first]])
  const { refused } = releasesAt(world.directory, world.now)
  assert.deepEqual(refused, [{ id: blind, path: 'pages/about.md', why: 'doc' }])
  const second = await approved(world, { sha256: hash('c'), doc: first })
  assert.deepEqual(now(world), [['pages/about.md', second]])
  await approved(world, { sha256: hash('d'), doc: first })
  assert.deepEqual(now(world), [['pages/about.md', second]], 'the other one of two')
})

test('what is withdrawn is gone, and brings back nothing that it replaced', async () => {
  const world = await newWorld()
  const first = await approved(world)
  const corrected = await approved(world, { sha256: hash('b'), doc: first })
  await withdraw(world, corrected)
  assert.deepEqual(now(world), [])
  const again = await approved(world)
  assert.deepEqual(now(world), [['pages/about.md', again]])
  await withdraw(world, first)
  assert.deepEqual(now(world), [['pages/about.md', again]], 'a withdrawal of what was replaced')
})

test('nothing counts before its time; one that is withdrawn before leaves all as it is', async () => {
  const world = await newWorld()
  const first = await approved(world)
  const not_before = timeOf(world.now + DAY)
  const tomorrow = await approved(world, { sha256: hash('b'), doc: first, not_before })
  assert.deepEqual(now(world), [['pages/about.md', first]])
  assert.deepEqual(
    releasesAt(world.directory, world.now).later.map(({ id }) => id),
    [tomorrow],
  )
  assert.deepEqual(now(world, DAY), [['pages/about.md', tomorrow]])
  await withdraw(world, tomorrow)
  assert.deepEqual(now(world, 2 * DAY), [['pages/about.md', first]])
  assert.deepEqual(releasesAt(world.directory, world.now).later, [])
})

test('what was prepared for a time and overtaken meanwhile does not come back then', async () => {
  const world = await newWorld()
  const first = await approved(world)
  const not_before = timeOf(world.now + DAY)
  const tomorrow = await approved(world, { sha256: hash('b'), doc: first, not_before })
  const today = await approved(world, { sha256: hash('c'), doc: first })
  assert.deepEqual(now(world, 2 * DAY), [['pages/about.md', today]])
  const [refused] = releasesAt(world.directory, world.now + 2 * DAY).refused
  assert.equal(refused?.id, tomorrow)
})

test('the order of the chain counts where clocks of authors go backwards', async () => {
  const world = await newWorld()
  const first = await approved(world)
  world.now -= 3 * HOUR
  const second = await approved(world, { sha256: hash('b'), doc: first })
  assert.deepEqual(now(world, DAY), [['pages/about.md', second]])
  world.now -= 3 * HOUR
  await withdraw(world, second)
  assert.deepEqual(now(world, DAY), [])
})

test('a path out of the tree and an unknown licence are never published', async () => {
  const world = await newWorld()
  for (const path of ['../server.key', 'A.md', '/etc/passwd', '.git/config', 'index.html'])
    await approved(world, { path })
  await approved(world, { licence: 'Proprietary' })
  assert.deepEqual(now(world), [])
  const { refused } = releasesAt(world.directory, world.now)
  assert.deepEqual(
    refused.map(({ why }) => why),
    ['path', 'path', 'path', 'path', 'path', 'licence'],
  )
})

test('a project is released by the index and never by itself', async () => {
  const world = await newWorld()
  const id = await approved(world, { path: 'projects/numpy.json' })
  assert.deepEqual(now(world), [])
  const { refused } = releasesAt(world.directory, world.now)
  assert.deepEqual(refused, [{ id, path: 'projects/numpy.json', why: 'path' }])
})
