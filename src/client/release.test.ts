import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { bytesOfText, LIMITS } from '#lexicon'
import { atWork, dial, memoryOfOneProcess } from '../../stories/in-process.ts'
import { type Actor, addMember, type OpenDesk, openDesk } from '../../stories/stage.ts'
import {
  draftOf,
  dropDraft,
  fetchDocument,
  keepDraft,
  listDrafts,
  putDocuments,
} from './documents.ts'
import { approve, pendingOf } from './members.ts'
import {
  approveRelease,
  openRelease,
  releasedNow,
  releaseDocuments,
  waitingReleases,
  withdrawRelease,
} from './release.ts'
import { refreshDesk } from './desk-view.ts'

const ends: (() => Promise<void>)[] = []
let desk: OpenDesk
let second: Actor
before(async () => {
  desk = await openDesk((end) => ends.push(end))
  second = await addMember(desk, 'Coordinator 2', 'coordinator')
})
after(async () => {
  for (const end of ends.toReversed()) await end()
})

const wish = (text: string, path = 'pages/about.md') =>
  ({ path, bytes: bytesOfText(text), licence: 'CC-BY-4.0' }) as const

test('of two versions that were made at once the second is refused, before and after it is signed', async () => {
  const one = await atWork(desk, desk.first)
  const two = await atWork(desk, second)
  const a = await releaseDocuments(one.view, one.self, { release: wish('# A\n') })
  const b = await releaseDocuments(two.view, two.self, { release: wish('# B\n') })
  assert.ok(a.waits && b.waits)
  const view = await refreshDesk(b.view)
  assert.deepEqual(pendingOf(view), [], 'people approve people there')
  assert.deepEqual(
    waitingReleases(view).map(({ id }) => id),
    [a.id, b.id],
  )
  await assert.rejects(approve(view, two.self, a.id), /shown before it is approved/)
  const { head } = await openRelease(view, a.id)
  const done = await approveRelease(view, two.self, { id: a.id, sha256: head.sha256 })
  assert.equal(releasedNow(done).get('pages/about.md')?.id, a.id)
  const late = waitingReleases(done)[0]
  assert.equal(late?.id, b.id)
  const first = await refreshDesk(one.view)
  const other = { id: b.id, sha256: late.sha256 }
  await assert.rejects(approveRelease(first, one.self, other), /Another version/)
  await assert.rejects(
    releaseDocuments(b.view, two.self, { release: wish('# C\n') }),
    /Another version/,
    'from a view that did not see it',
  )
  const gone = await withdrawRelease(first, one.self, b.id)
  assert.deepEqual(waitingReleases(gone), [])
  await assert.rejects(withdrawRelease(gone, one.self, b.id), /withdrawn before/)
})

test('what is there already is not released again', async () => {
  const { view, self } = await atWork(desk, desk.first)
  const index = { ...wish('{"projects":{},"v":1}', 'directory/index.json') }
  const once = await releaseDocuments(view, self, { release: index })
  assert.equal(once.waits, false)
  const again = await releaseDocuments(once.view, self, { release: index })
  assert.deepEqual([again.id, again.view.directory.head], [once.id, once.view.directory.head])
})

test('bytes with another hash are shown to nobody', async () => {
  const { view } = await atWork(desk, desk.first)
  const [sha256 = ''] = await putDocuments(view.api, [bytesOfText('As it was.')])
  assert.deepEqual(await fetchDocument(view.api, sha256), bytesOfText('As it was.'))
  const lying = await atWork(desk, desk.first, memoryOfOneProcess(), async (request, go) =>
    request.path.startsWith('/api/v1/documents/')
      ? { status: 200, body: bytesOfText('As it is now.') }
      : go(),
  )
  await assert.rejects(fetchDocument(lying.view.api, sha256), { code: 'answer' })
  await assert.rejects(fetchDocument(dial(desk.server.url), sha256), { code: 'not-found' })
})

test('many documents go in few requests, and only those that are lacking', async () => {
  const requests: string[] = []
  const { view } = await atWork(desk, desk.first, memoryOfOneProcess(), (request, go) => {
    requests.push(request.path)
    return go()
  })
  const many = Array.from({ length: 1200 }, (_, i) => bytesOfText(`Document ${i}`))
  const large = Array.from({ length: 4 }, (_, i) => new Uint8Array(LIMITS.document).fill(97 + i))
  requests.length = 0
  await putDocuments(view.api, [...many, ...large])
  const sent = () => requests.filter((path) => path === '/api/v1/documents').length
  assert.ok(sent() <= 5, String(sent()))
  requests.length = 0
  await putDocuments(view.api, [...many, ...large])
  assert.equal(sent(), 0)
  for (const wrong of [new Uint8Array(0), new Uint8Array(LIMITS.document + 1)])
    await assert.rejects(putDocuments(view.api, [wrong]), { code: 'document' })
})

test('a draft is kept for the others, and whoever did not see the newest one is refused', async () => {
  const { view } = await atWork(desk, desk.first)
  const { view: other } = await atWork(desk, second)
  const path = 'guides/reporters.md'
  const bytes = bytesOfText('# First\n')
  const first = await keepDraft(view.api, { path, bytes, before: '' })
  const next = { path, bytes: bytesOfText('# Second\n') }
  await assert.rejects(keepDraft(other.api, { ...next, before: '' }), { code: 'conflict' })
  const newest = await keepDraft(other.api, { ...next, before: first })
  const draft = await draftOf(view.api, path)
  assert.deepEqual([draft?.sha256, draft?.by.length], [newest, 64])
  await assert.rejects(dropDraft(view.api, path, first), { code: 'conflict' })
  await dropDraft(view.api, path, newest)
  assert.deepEqual(await listDrafts(view.api), [])
})
