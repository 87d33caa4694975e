import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { type Bytes, bytesOfText, DAY, hexOfBytes, LIMITS, SECOND, timeOf } from '#lexicon'
import { publishTree } from '#publication'
import { sha256 } from '#seal'
import { asOwner, keepDeskChain, newHouse, reportFiler } from '../../stories/house.ts'
import { appendDesk } from '../../stories/world.ts'
import { buildTree } from './build-tree.ts'
import { keepDocuments } from './document-store.ts'
import { openPublicTree, type PublicTree } from './public-tree.ts'
import { demandHarmless, demandPublishable } from './publishable.ts'
import { takeDocuments } from './take-release.ts'

/* What the valve does when what it needs is missing, damaged, or came round it. */

const house = await newHouse()
const { world, database } = house
const filing = await reportFiler(house)
const db = database.logins.site
const url = 'https://security.example.org'
const deps = { db, url, publish: publishTree, options: {} }
const hashOf = (text: string) => hexOfBytes(sha256(bytesOfText(text)))
after(async () => {
  await filing.close()
  await database.close()
})

let tree: PublicTree
let builds = 0
const failures: unknown[] = []
beforeEach(() => {
  builds = 0
  failures.length = 0
  const { directory, clock } = house
  tree = openPublicTree({
    ...deps,
    directory,
    clock,
    built: () => builds++,
    failed: (error) => failures.push(error),
  })
})

async function release(
  path: string,
  text: string,
  more: { doc?: string; not_before?: string } = {},
) {
  const what = await appendDesk(world, world.coordinator.signer, {
    type: 'release',
    path,
    sha256: hashOf(text),
    licence: 'CC-BY-4.0',
    not_before: timeOf(0),
    doc: '',
    ...more,
  })
  if (path.endsWith('.md')) await appendDesk(world, world.second.signer, { type: 'approve', what })
  await keepDeskChain(house)
  return what
}

async function withdraw(what: string): Promise<void> {
  await appendDesk(world, world.coordinator.signer, { type: 'withdraw', what })
  await keepDeskChain(house)
}

/** What is shown two seconds later, once the build that this caused is over. */
async function shown() {
  world.now += 2 * SECOND
  await tree.current()
  await tree.stop()
  return tree.current()
}

const textAt = (found: Awaited<ReturnType<typeof shown>>, path: string) => {
  const file = found?.fileAt(path)
  return file && Buffer.from(file.bytes).toString()
}

test('exactly the bytes that were released, from their hour on; a tree is not built twice', async () => {
  const text = '# About\r\n\r\nÜber uns, exactly so. \n\n'
  await takeDocuments({ ...house, db, addresses: [] }, [
    bytesOfText(text),
    bytesOfText('# Later\n'),
  ])
  assert.equal(await shown(), undefined)
  const first = await release('pages/about.md', text)
  assert.equal(textAt(await shown(), 'pages/about.md'), text)
  const not_before = timeOf(world.now + DAY)
  await release('pages/about.md', '# Later\n', { doc: first, not_before })
  assert.equal(textAt(await shown(), 'pages/about.md'), text)
  const before = builds
  await shown()
  assert.equal(builds, before)
  world.now += DAY
  const later = await shown()
  assert.equal(textAt(later, 'pages/about.md'), '# Later\n')
  assert.equal(later?.at, not_before)
  assert.equal(later.documentOf(hashOf(text)), undefined)
  await withdraw(
    [...later.counting].find(({ path }) => path === 'pages/about.md')?.release.id ?? '',
  )
  assert.equal(await shown(), undefined)
})

test('missing bytes stop the build; the tree before stays, until something in it is withdrawn', async () => {
  await keepDocuments({ db, clock: house.clock }, [bytesOfText('# Here\n')])
  const here = await release('guides/here.md', '# Here\n')
  assert.equal(textAt(await shown(), 'guides/here.md'), '# Here\n')
  const away = await release('guides/away.md', '# Away\n')
  assert.equal(textAt(await shown(), 'guides/here.md'), '# Here\n')
  assert.match(String(tree.failure()), /guides\/away\.md is not here/)
  await withdraw(here)
  assert.equal(
    await shown(),
    undefined,
    'a withdrawn page is not shown because another one is missing',
  )
  await withdraw(away)
  await shown()
  assert.equal(tree.failure(), undefined)
})

test('what the disk made of a document is not published', async () => {
  await keepDocuments({ db, clock: house.clock }, [bytesOfText('# Mine\n')])
  const mine = await release('guides/mine.md', '# Mine\n')
  await asOwner(
    house,
    `update valve.document set bytes = 'Evil' where sha256 = decode($1, 'hex')`,
    [hashOf('# Mine\n')],
  )
  const directory = await house.directory()
  assert.ok(directory)
  await assert.rejects(buildTree(deps, directory, world.now), { code: 'damaged' })
  await withdraw(mine)
})

test('a document that came round the first check meets the second', async () => {
  const leaking = '-----BEGIN PGP MESSAGE-----\n'
  await assert.rejects(takeDocuments({ ...house, db, addresses: [] }, [bytesOfText(leaking)]), {
    code: 'not-publishable',
  })
  await keepDocuments({ db, clock: house.clock }, [bytesOfText(leaking)])
  const leak = await release('guides/leak.md', leaking)
  const directory = await house.directory()
  assert.ok(directory)
  await assert.rejects(buildTree(deps, directory, world.now), /sealed-message/)
  await withdraw(leak)
})

test('a project that came round the first check by itself is left out and stops nothing', async () => {
  const project = '{"id":"numpy"}'
  const index = '{"projects":{},"v":1}'
  await keepDocuments({ db, clock: house.clock }, [bytesOfText(project), bytesOfText(index)])
  const facts = await release('directory/index.json', index)
  const what = await release('projects/numpy.json', project)
  await appendDesk(world, world.second.signer, { type: 'approve', what })
  await keepDeskChain(house)
  const found = await shown()
  assert.equal(tree.failure(), undefined)
  assert.equal(textAt(found, 'directory/index.json'), index)
  assert.equal(textAt(found, 'projects/numpy.json'), undefined)
  await withdraw(facts)
})

test('the id of a case of this desk, or of what was said in it, is known by the ledger alone', async () => {
  const around = { db, desk: world.desk }
  const report = await filing.file('Reporter 1')
  const found = demandHarmless(around, bytesOfText(`About ${report.id.toUpperCase()}.`))
  await assert.rejects(found, /case-id/)
  for (const id of [world.desk, world.directory.head.id, '0f'.repeat(32)])
    await demandHarmless(around, bytesOfText(`About ${id}.`))
})

test('each kind of document has its form', async () => {
  const around = { db, desk: world.desk, addresses: new Set(['team@example.org']) }
  const demand = (path: string, bytes: string | Bytes) =>
    demandPublishable(around, {
      path,
      bytes: typeof bytes === 'string' ? bytesOfText(bytes) : bytes,
    })
  await demand('pages/about.md', 'Write to Team@example.org.')
  await demand('directory/index.json', '{"projects":{},"v":1}')
  const personal = JSON.stringify({ id: 'numpy', channels: [{ value: 'person@example.net' }] })
  for (const [path, bytes] of [
    ['pages/about.md', 'Write to person@example.net.'],
    ['pages/about.md', new Uint8Array([0xc3, 0x28])],
    ['pages/about.md', 'Write to person\\@example.net.'],
    ['pages/about.md', 'Write to person&#64;example.net.'],
    ['pages/about.md', '[us](mailto:person%40example.net)'],
    ['pages/about.md', `gh*p*\\_${'a1'.repeat(18)}`],
    ['pages/about.md', '-----BEGIN PGP&#32;PRIVATE KEY BLOCK-----'],
    ['pages/about.md', 'turned &#x202E; round'],
    ['pages/about.md', '*a_ '.repeat(8192)],
    ['guides/long.md', 'a'.repeat(LIMITS.markdown + 1)],
    ['directory/index.json', '{"v":1,"projects":{}}'],
    ['directory/index.json', '{"projects":{"a":"x"},"v":1}'],
    ['projects/numpy.json', personal],
    ['keys/security.asc', 'no key'],
    [
      'keys/security.asc',
      '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n-----END PGP PUBLIC KEY BLOCK-----\n',
    ],
    ['index.html', '<p>'],
    ['api/v1/desk', '{}'],
  ] as const)
    await assert.rejects(demand(path, bytes), { code: 'not-publishable' }, path)
})

test('this room’s login sees no case', async () => {
  for (const table of ['desk."case"', 'desk.statement', 'blobs.piece', 'keys.packet', 'post.mail'])
    await assert.rejects(
      db
        .selectFrom(table.replaceAll('"', '') as 'desk.case')
        .selectAll()
        .execute(),
      {
        code: '42501',
      },
    )
})
