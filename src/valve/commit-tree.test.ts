import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { bytesOfText, type Bytes } from '#lexicon'
import { commitTree, newestCommit, openHistory } from './commit-tree.ts'
import type { Git } from './git.ts'
import { pushedState, pushPatiently, pushTree } from './push-tree.ts'

const scratch = await mkdtemp(join(tmpdir(), 'postern-history-'))
after(() => rm(scratch, { recursive: true }))
let made = 0
const history = (): Promise<Git> => openHistory(join(scratch, `${made++}.git`))

const author = { name: 'Test Foundation', domain: 'example.org' }
const tree = (files: Readonly<Record<string, string>>, at = '2026-11-22T10:00:00Z') => ({
  files: new Map<string, Bytes>(
    Object.entries(files).map(([path, text]) => [path, bytesOfText(text)]),
  ),
  at,
  head: 'a'.repeat(64),
  author,
})
const FIRST = { 'index.html': 'one\n', 'guides/a.md': 'a', _headers: '/*\n', 'b/c/d': '\0binary\n' }

test('each tree that changed is one commit, whose files are exactly the tree', async () => {
  const git = await history()
  const first = await commitTree(git, tree(FIRST))
  assert.match(first, /^[0-9a-f]{40}$/)
  assert.equal(await commitTree(git, tree(FIRST, '2026-11-22T11:00:00Z')), first)
  const { 'guides/a.md': _, ...rest } = FIRST
  const next = { ...rest, 'index.html': 'two\n', guides: 'a file where a folder was' }
  const second = await commitTree(git, tree(next, '2026-11-23T10:00:00Z'))
  assert.equal((await git.ask(['rev-list', '--count', 'main'])).trim(), '2')
  assert.equal((await git.ask(['rev-parse', `${second}^`])).trim(), first)
  const names = (await git.ask(['ls-tree', '-r', '--name-only', 'main'])).trim().split('\n')
  assert.deepEqual(names.toSorted(), Object.keys(next).toSorted())
  assert.equal(await git.ask(['show', 'main:index.html']), 'two\n')
  assert.equal(await git.ask(['show', 'main:b/c/d']), '\0binary\n')
  await git.ask(['fsck', '--strict'])
})

test('the same trees give the same ids anywhere, and nobody’s settings change them', async () => {
  const ids = []
  for (let i = 0; i < 2; i++) {
    const git = await history()
    if (i === 1) await git.ask(['config', 'user.name', 'Somebody'])
    await commitTree(git, tree(FIRST))
    ids.push(await commitTree(git, tree({ ...FIRST, x: 'y' }, '2026-11-23T10:00:00Z')))
  }
  assert.equal(ids[0], ids[1])
})

test('a name with line ends and angles stays one name', async () => {
  const git = await history()
  await commitTree(git, {
    ...tree(FIRST),
    author: { name: 'A <b>\nfrom 0', domain: 'example.org' },
  })
  assert.equal(
    (await git.ask(['log', '-1', '--format=%cn <%ce>'])).trim(),
    'A  b  from 0 <postern@example.org>',
  )
})

test('what was committed is pushed once, to each place; what was changed there is not overwritten', async () => {
  const git = await history()
  const [there, elsewhere] = [await history(), await history()]
  await pushTree(git, there.folder)
  assert.equal(await newestCommit(there), '', 'nothing to push yet')
  const first = await commitTree(git, tree(FIRST))
  assert.equal(await pushedState(git, there.folder), 'waits')
  await pushTree(git, there.folder)
  assert.equal(await newestCommit(there), first)
  assert.equal(await pushedState(git, there.folder), 'pushed')
  assert.equal(await pushedState(git, elsewhere.folder), 'waits')
  await commitTree(there, tree({ theirs: 'own' }))
  await commitTree(git, tree({ ...FIRST, more: 'x' }))
  await assert.rejects(pushTree(git, there.folder))
  assert.equal(await pushedState(git, there.folder), 'waits')
})

test('an address is no option of git', async () => {
  const git = await history()
  await commitTree(git, tree(FIRST))
  const before = await git.ask(['for-each-ref'])
  await assert.rejects(pushTree(git, '--exec=touch planted'))
  assert.equal(await git.ask(['for-each-ref']), before)
})

test('a push that hangs ends when the server stops', async () => {
  const git = await history()
  await commitTree(git, tree(FIRST))
  const stopping = new AbortController()
  const hanging = createServer().listen(0, '127.0.0.1')
  await once(hanging, 'listening')
  const { port } = hanging.address() as AddressInfo
  const pushing = pushTree(
    await openHistory(git.folder, stopping.signal),
    `http://127.0.0.1:${port}/a`,
  )
  const [held] = (await once(hanging, 'connection')) as [Socket]
  stopping.abort()
  await assert.rejects(pushing, { name: 'AbortError' })
  held.destroy()
  hanging.close()
})

test('a push that fails is tried again with longer pauses, until it works or we stop', async () => {
  const pauses: number[] = []
  let left = 3
  const deps = {
    pause: (milliseconds: number) => Promise.resolve(void pauses.push(milliseconds)),
    stopped: () => pauses.length >= 12,
    failed: () => undefined,
  }
  await pushPatiently(
    () => (left-- > 0 ? Promise.reject(new Error('away')) : Promise.resolve()),
    deps,
  )
  assert.deepEqual(pauses, [5000, 10_000, 20_000])
  await pushPatiently(() => Promise.reject(new Error('away')), deps)
  assert.equal(pauses.length, 12)
  assert.equal(pauses.at(-1), 15 * 60_000)
})
