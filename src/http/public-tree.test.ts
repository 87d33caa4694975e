import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { base64OfBytes, type Bytes, bytesOfText, hexOfBytes, SECOND, timeOf } from '#lexicon'
import { joinMessage, sha256 } from '#seal'
import { newHouse } from '../../stories/house.ts'
import { type Actor, appendDesk, newActor, renewDeskKeys, type World } from '../../stories/world.ts'
import { type Answer, ask, logInAs, openTrialDoor, post, type TrialDoor } from './trial-door.ts'

/* What the public tree answers, and that nothing in it takes the place of what is ours. */

const house = await newHouse()
const { world, database } = house
let door: TrialDoor
let session = ''
before(async () => {
  door = await openTrialDoor(house)
  session = await logInAs(door, world.desk, world.coordinator.signer, timeOf(world.now))
})
after(async () => {
  await door.close()
  await database.close()
})

const STATEMENTS = '/api/v1/desk/statements'
const INDEX = '{"projects":{},"v":1}'

async function bring(...documents: readonly (string | Bytes)[]): Promise<Answer> {
  const bytes = documents.map((each) => (typeof each === 'string' ? bytesOfText(each) : each))
  return post(door, '/api/v1/documents', { documents: bytes.map(base64OfBytes) }, session)
}

type Wish = {
  readonly path: string
  readonly text: string
  readonly doc?: string
  readonly by?: Actor
}

function releaseHead({ path, text, doc = '' }: Wish) {
  const hash = hexOfBytes(sha256(bytesOfText(text)))
  const more = { licence: 'CC-BY-4.0', not_before: timeOf(0), doc } as const
  return { type: 'release', path, sha256: hash, ...more } as const
}

/** Signs a release and posts it. What the desk refuses is taken back from the world too. */
async function release(wish: Wish) {
  return append(releaseHead(wish), wish.by ?? world.coordinator)
}

async function signed(wish: Wish): Promise<string> {
  return appendDesk(world, (wish.by ?? world.coordinator).signer, releaseHead(wish))
}

/** A statement that the world forgets again. */
async function unposted(sign: () => Promise<string>): Promise<World['batch'][number]> {
  const kept = world.directory
  await sign()
  const [last] = world.batch.splice(-1)
  world.directory = kept
  assert.ok(last)
  return last
}

async function append(own: Parameters<typeof appendDesk>[2], by: Actor) {
  world.now += 2 * SECOND
  const kept = world.directory
  const id = await appendDesk(world, by.signer, own)
  const answer = await post(door, STATEMENTS, { batch: world.batch.slice(-1) }, session)
  if (answer.status !== 200) {
    world.batch.pop()
    world.directory = kept
  }
  // The tree asks for the end of the chain at most once a second.
  world.now += 2 * SECOND
  return { id, answer }
}

const get = (path: string, headers = {}) => ask(door, 'GET', path, headers)

test('before anything is released the tree answers as every unknown address', async () => {
  const unknown = await get('/nothing-here')
  for (const path of ['/security/', '/.well-known/security.txt', '/directory/index.json'])
    assert.deepEqual([(await get(path)).status, (await get(path)).text], [404, unknown.text])
  const home = await get('/')
  assert.equal(home.status, 200)
  assert.doesNotMatch(home.text, /href="\/directory\/"/)
})

test('what is released is served as what it is, and nothing is kept by caches', async () => {
  await bring(INDEX)
  assert.equal((await release({ path: 'directory/index.json', text: INDEX })).answer.status, 200)
  const answer = await settled('/directory/index.json', 200)
  assert.equal(answer.text, INDEX)
  assert.equal(answer.headers['content-type'], 'application/json')
  assert.equal(answer.headers['cache-control'], 'no-cache')
  assert.equal(answer.headers['access-control-allow-origin'], '*')
  assert.equal(answer.headers['x-content-type-options'], 'nosniff')
  const etag = answer.headers['etag'] ?? ''
  const again = await get('/directory/index.json', { 'if-none-match': `"x", W/${etag}` })
  assert.deepEqual([again.status, again.text], [304, ''])
  assert.equal((await get('/directory/index.json', { 'if-none-match': '"x"' })).status, 200)
  assert.match((await get('/')).text, /href="\/directory\/"/, 'the first page leads there')
  const page = await get('/security/')
  assert.equal(page.headers['content-type'], 'text/html; charset=utf-8')
  assert.match(page.headers['content-security-policy'] ?? '', /^default-src 'none'; style-src/)
  assert.doesNotMatch(page.headers['content-security-policy'] ?? '', /script-src/)
  const moved = await get('/security')
  assert.deepEqual([moved.status, moved.headers['location']], [308, '/security/'])
  assert.equal((await ask(door, 'HEAD', '/security/')).status, 200)
})

test('what was released in this moment is given to whoever read that in the chain', async () => {
  const text = '# Twice\n\nWritten a moment ago.\n'
  await bring(text)
  const sha = hexOfBytes(sha256(bytesOfText(text)))
  const at = `/api/v1/documents/${sha}`
  assert.equal((await get(at)).status, 404, 'it is not released yet')
  const { id } = await release({ path: 'guides/twice.md', text })
  await append({ type: 'approve', what: id }, world.second)
  // No time went by since the tree was asked for the last time.
  world.now -= 2 * SECOND
  assert.deepEqual([(await get(at)).status, (await get(at)).text], [200, text])
  world.now += 2 * SECOND
})

test('no way out of the tree, and no other method into it', async () => {
  for (const path of ['/..%2fserver.key', '/directory/../chain/../../x', '/a//b', '/%2e%2e/x'])
    assert.equal((await get(path)).status, 404, path)
  assert.equal((await post(door, '/directory/index.json', {}, session)).status, 404)
})

test('what is ours wins over the tree, and a document cannot be released there', async () => {
  const paths = door.app.routes
    .filter(({ method, path }) => method !== 'ALL' && !path.includes(':') && !path.endsWith('*'))
    .map(({ path }) => path.slice(1))
    .filter((path) => path !== '')
  assert.ok(paths.length > 30)
  await bring('planted')
  for (const path of [
    ...paths,
    'api/v2/planted',
    'desk/planted',
    'index.html',
    'chain/desk.json',
    'projects/numpy.json',
  ]) {
    const { answer } = await release({ path, text: 'planted' })
    assert.equal(answer.status, 422, path)
    assert.match(answer.text, /not-publishable/)
  }
  for (const path of paths) assert.ok(!(await get(`/${path}`)).text.includes('planted'), path)
  assert.equal((await get('/api/v1/nothing')).status, 404)
})

test('a document without bytes, or that leaks, is not released; the sentence says why', async () => {
  const without = await release({ path: 'pages/about.md', text: 'never brought' })
  assert.deepEqual([without.answer.status, /incomplete/.test(without.answer.text)], [422, true])
  for (const leaking of ['-----BEGIN PGP PRIVATE KEY BLOCK-----', new Uint8Array([255, 254, 0])]) {
    const answer = await bring(leaking)
    assert.equal(answer.status, 422)
    assert.match(answer.text, /not-publishable.*(secret-key|UTF-8)/)
  }
  const address = 'Write to somebody@example.net.'
  await bring(address)
  const { answer } = await release({ path: 'pages/about.md', text: address })
  assert.match(answer.text, /neither security.txt nor the directory/)
})

test('who signed nothing learns nothing of a document, not even whether it is here', async () => {
  const leaking = 'Write to draft@example.net.'
  await bring(leaking)
  const member = await logInAs(door, world.desk, world.maintainer.signer, timeOf(world.now))
  const answers = new Set<string>()
  for (const text of [leaking, 'never brought'])
    for (const path of ['pages/about.md', 'keys/security.asc', 'index.html']) {
      const { statement, ...rest } = await unposted(() => signed({ path, text }))
      const forged = { ...rest, statement: { ...statement, sig: 'ab'.repeat(64) } }
      const answer = await post(door, STATEMENTS, { batch: [forged] }, member)
      assert.equal(answer.status, 422)
      answers.add(answer.text)
    }
  assert.equal(answers.size, 1, [...answers].join())
  assert.match([...answers].join(), /"F3"/)
})

test('one coordinator publishes no text; an approval does, a withdrawal ends it', async () => {
  const text = '# About\n\nWho we are.\n'
  await bring(text)
  const { id } = await release({ path: 'pages/about.md', text })
  assert.doesNotMatch((await get('/about/')).text, /Who we are/)
  const sha = hexOfBytes(sha256(bytesOfText(text)))
  assert.equal((await get(`/api/v1/documents/${sha}`)).status, 404)
  const own = { authorization: `Bearer ${session}` }
  assert.equal((await get(`/api/v1/documents/${sha}`, own)).text, text)
  assert.equal((await append({ type: 'approve', what: id }, world.second)).answer.status, 200)
  await until(async () => (await get('/about/')).text.includes('Who we are'))
  assert.equal((await get(`/api/v1/documents/${sha}`)).text, text)
  await append({ type: 'withdraw', what: id }, world.coordinator)
  await until(async () => !(await get('/about/')).text.includes('Who we are'))
  assert.equal((await get('/pages/about.md')).status, 404)
  assert.equal((await get(`/api/v1/documents/${sha}`)).status, 404)
  assert.deepEqual(door.failures, [])
})

test('a key that follows another in the same batch does not come round the checks', async () => {
  await bring('planted')
  const next = await newActor('next')
  const { who } = next.signer
  const handle = world.second.name
  const enc = next.key.cert
  const join = await next.signer.sign(
    joinMessage({ desk: world.desk, enc, handle, invite: '', who }),
  )
  const [from, kept] = [world.batch.length, world.directory]
  await appendDesk(world, world.second.signer, { type: 'member.rotate', who, enc, join })
  await renewDeskKeys(world, next)
  await signed({ path: 'keys/security.asc', text: 'planted', by: next })
  const batch = world.batch.splice(from)
  world.directory = kept
  const answer = await post(door, STATEMENTS, { batch }, session)
  assert.deepEqual([answer.status, /not-publishable/.test(answer.text)], [422, true], answer.text)
  assert.equal((await post(door, STATEMENTS, { batch: batch.slice(0, -1) }, session)).status, 200)
})

async function settled(path: string, status: number): Promise<Answer> {
  await until(async () => (await get(path)).status === status)
  return get(path)
}

async function until(fact: () => Promise<boolean>): Promise<void> {
  for (let left = 200; left > 0; left--) {
    if (await fact()) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  assert.fail('it did not happen')
}
