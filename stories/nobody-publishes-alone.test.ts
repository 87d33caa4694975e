import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import {
  approveRelease,
  type Desk,
  openRelease,
  refreshDesk,
  releaseDocuments,
  verifyTree,
  waitingReleases,
  withdrawRelease,
} from '#client'
import {
  type Bytes,
  bytesOfText,
  DIRECTORY_FRESH,
  hexOfBytes,
  type Licence,
  textOfBytes,
} from '#lexicon'
import { sha256 } from '#seal'
import { clearSign, newMailKey } from '#unseal'
import { search } from './canary.ts'
import { atWork } from './in-process.ts'
import {
  addMember,
  type Actor,
  file,
  type OpenDesk,
  openDesk,
  play,
  postern,
  queueOf,
  scratchFolder,
} from './stage.ts'

/* The public tree of a desk: who publishes what, what leaves it again, and what anybody can check without us. */

const run = promisify(execFile)
const CANARY = 'Wolkenkuckucksheim7'
const ABOUT = '# About this desk\n\nWho we are, in our own words.\n'
const ends: (() => Promise<void>)[] = []
let desk: OpenDesk
let second: Actor
let elsewhere: string
let scratch: string
const kept: { [name: string]: string } = {}

before(async () => {
  scratch = await scratchFolder((end) => ends.push(end))
  elsewhere = join(scratch, 'elsewhere.git')
  await run('git', ['init', '--quiet', '--bare', '--initial-branch=main', elsewhere])
  const more = ['--limits', 'off', '--publish-to', elsewhere]
  desk = await openDesk((end) => ends.push(end), { more })
  second = await addMember(desk, 'Coordinator 2', 'coordinator')
  await file(desk, `The secret is ${CANARY}.`)
  const [row] = await queueOf(desk.first)
  kept['case'] = row?.id ?? ''
  await play(['case', 'title', row?.number ?? '', `About ${CANARY}`, ...desk.first.flags])
})

after(async () => {
  for (const end of ends.reverse()) await end()
})

test('one coordinator publishes how the desk is reached, and the others see it', async () => {
  const out = join(scratch, 'security.txt')
  const url = ['--url', 'https://security.example.org', '--out', out, '--yes']
  await play(['securitytxt', 'sign', ...desk.first.flags, ...url])
  const put = ['release', out, '--path', '.well-known/security.txt', ...desk.first.flags]
  const done = await play<{ id: string; waits: boolean }>(put)
  assert.equal(done.waits, false)
  const blind = await postern(put)
  assert.deepEqual([blind.code, /--replaces/.test(blind.err)], [2, true], blind.err)
  const again = await play<{ id: string }>([...put, '--replaces', done.id.slice(0, 16)])
  assert.equal(again.id, done.id, 'the same bytes are not released again')
  const text = await readFile(out, 'utf8')
  const own = await atWork(desk, desk.first)
  const facts = 'Contact: mailto:thief@example.net\nExpires: 2027-05-01T00:00:00Z\n'
  const foreign = await clearSign(facts, await newMailKey(), Date.now())
  const wish = {
    path: '.well-known/security.txt',
    bytes: bytesOfText(foreign),
    licence: 'CC0-1.0',
  } as const
  await assert.rejects(
    releaseDocuments(own.view, own.self, { release: wish }),
    /not signed with the mail key/,
    'a file that somebody else signed',
  )
  for (const path of ['/.well-known/security.txt', '/security.txt']) {
    const answer = await published(path, text)
    assert.equal(answer.headers.get('content-type'), 'text/plain; charset=utf-8')
  }
  type Listed = { releases: { path: string; byOne: boolean; by: string }[] }
  const flags = second.flags.filter((_, i, all) => all[i] !== '--as' && all[i - 1] !== '--as')
  const { releases } = await play<Listed>(['release', 'list', ...flags])
  assert.deepEqual(
    releases.map(({ path, byOne }) => [path, byOne]),
    [['.well-known/security.txt', true]],
  )
})

test('a page waits for a second person, who is shown exactly its bytes', async () => {
  const { id, waits } = await releaseText('pages/about.md', ABOUT)
  assert.ok(waits)
  const own = await atWork(desk, desk.first)
  const about = { id, sha256: hexOfBytes(sha256(bytesOfText(ABOUT))) }
  await assert.rejects(approveRelease(own.view, own.self, about), /second person/)
  const other = await atWork(desk, second)
  await assert.rejects(
    approveRelease(other.view, other.self, { id, sha256: '0'.repeat(64) }),
    /not the bytes/,
  )
  assert.doesNotMatch(await (await get('/about/')).text(), /in our own words/)
  const shown = await postern(['release', 'show', id.slice(0, 16), ...withoutJson(second.flags)])
  assert.match(shown.out, /^pages\/about\.md, CC-BY-4\.0, by Coordinator 1\n/)
  assert.ok(shown.out.includes(`sha256 ${about.sha256}`) && shown.out.includes('in our own words'))
  await play(['release', 'approve', id.slice(0, 16), '--sha256', about.sha256, ...second.flags])
  await published('/pages/about.md', ABOUT)
  assert.match(await (await get('/about/')).text(), /in our own words/)
  assert.deepEqual(waitingReleases(await refreshDesk(other.view)), [])
  kept['about'] = id
})

test('what leaks is not even taken, and nothing of it is said again', async () => {
  const work = await atWork(desk, desk.first)
  const opened = await wordsOfReceipt()
  for (const text of [
    `Case ${kept['case']} is closed.`,
    `Your receipt: ${opened}`,
    'Write to volunteer-1@example.net.',
  ]) {
    const wish = { path: 'guides/reporters.md', bytes: bytesOfText(text), licence: LICENCE }
    await assert.rejects(releaseDocuments(work.view, work.self, { release: wish }), (error) => {
      assert.ok(error instanceof Error)
      assert.match(error.message, /not published/)
      // Two words of it in a row: one alone may be a word of the sentence.
      return !error.message.includes(opened.split(' ').slice(3, 5).join(' '))
    })
  }
})

test('the tree outside is the tree inside, byte for byte, and everybody can check it', async () => {
  const [one, two] = [join(scratch, 'one'), join(scratch, 'two')]
  for (const out of [one, two])
    await play(['publish', 'build', '--out', out, '--data', desk.server.data, '--json'])
  const files = await filesOf(one)
  assert.ok(files.has('_headers') && files.has('chain/desk.json') && files.has('about/index.html'))
  assert.deepEqual(await filesOf(two), files)
  for (const [path, content] of files) {
    if (path === '_headers' || path.startsWith('assets/') || path === 'index.html') continue
    assert.equal(await (await get(`/${path}`)).text(), content, path)
  }
  const verified = await play<{ findings: unknown[]; documents: number }>([
    'publish',
    'verify',
    one,
    '--desk',
    desk.desk,
    '--json',
  ])
  assert.deepEqual([verified.findings, verified.documents], [[], 2])
})

test('whatever was changed in a tree is named', async () => {
  const one = join(scratch, 'one')
  const tree = new Map<string, Bytes>()
  for (const path of (await filesOf(one)).keys())
    tree.set(path, new Uint8Array(await readFile(join(one, path))))
  const sheet = [...tree.keys()].find((path) => path.endsWith('.css')) ?? ''
  const isLook = (path: string) => path === 'mark.svg' || path.startsWith('assets/')
  const look = new Map([...tree].filter(([path]) => isLook(path)))
  const forged = (path: string, from: string, to: string) =>
    textOfBytes(tree.get(path) ?? new Uint8Array()).replaceAll(from, to)
  const changes: readonly (readonly [string, string, string])[] = [
    ['pages/about.md', 'changed', 'Send reports to evil.example'],
    ['about/index.html', 'changed', '<p>Send reports to evil.example</p>'],
    ['.well-known/security.txt', 'changed', 'Contact: mailto:a@evil.example\n'],
    ['security.txt', 'changed', 'Contact: mailto:a@evil.example\n'],
    ['guides/planted.md', 'not-released', '# Planted\n'],
    ['report/index.html', 'not-released', '<form action="https://evil.example">'],
    ['keys/security.asc', 'not-released', '-----BEGIN PGP PUBLIC KEY BLOCK-----\n'],
    ['site.json', 'site', forged('site.json', 'Example', 'Evil')],
    ['site.json', 'form', '{}}'],
    ['chain/desk.json', 'chain', forged('chain/desk.json', 'Coordinator 2', 'Coordinator 3')],
    ['site.json', 'site', forged('site.json', desk.server.url, 'https://evil.example')],
    [sheet, 'changed', 'main{display:none}'],
    ['assets/tree-evil.css', 'look', 'main{display:none}'],
    ['mark.svg', 'changed', '<svg/>'],
  ]
  const now = Date.now()
  for (const [path, code, text] of changes) {
    const broken = new Map(tree).set(path, bytesOfText(text))
    const { findings } = await verifyTree(broken, { now, look })
    const named = findings.some((each) => each.path === path && each.code === code)
    assert.ok(named, `${path} ${code}: ${JSON.stringify(findings)}`)
  }
  for (const path of tree.keys()) {
    const broken = new Map(tree)
    broken.delete(path)
    const { findings } = await verifyTree(broken, { now, look })
    assert.ok(findings.length > 0, `without ${path}`)
  }
  assert.deepEqual((await verifyTree(tree, { now, look })).findings, [])
  // Whole in itself, and a month old, or older than somebody saw.
  const { desk: facts } = await verifyTree(tree, { now, look })
  const kept31 = await verifyTree(tree, { now: now + DIRECTORY_FRESH, look })
  const older = await verifyTree(tree, { now, look, head: '0'.repeat(64) })
  for (const { findings } of [kept31, older])
    assert.deepEqual(
      findings.map(({ path, code }) => [path, code]),
      [['chain/desk.json', 'old']],
    )
  assert.deepEqual((await verifyTree(tree, { now, look, head: facts?.newest.id })).findings, [])
  const other = await postern(['publish', 'verify', one, '--desk', '0'.repeat(64)])
  assert.deepEqual([other.code, /another desk/.test(other.out)], [5, true])
})

test('a withdrawn page leaves the tree, and what it replaced does not come back', async () => {
  const { id } = await releaseText('pages/about.md', ABOUT.replace('own', 'new'))
  const other = await atWork(desk, second)
  const { head, before: replaced } = await openRelease(other.view, id)
  assert.equal(replaced?.release.id, kept['about'])
  await approveRelease(other.view, other.self, { id, sha256: head.sha256 })
  await published('/pages/about.md', ABOUT.replace('own', 'new'))
  const first = await atWork(desk, desk.first)
  await withdrawRelease(first.view, first.self, id)
  await until(async () => (await get('/pages/about.md')).status === 404)
  assert.doesNotMatch(await (await get('/about/')).text(), /in our (?:own|new) words/)
})

test('the history was pushed, holds every state, and nothing that was not released', async () => {
  await releaseText('guides/never.md', '# Never approved: Elfenbeinturm9\n')
  const history = join(desk.server.data, 'public.git')
  await until(
    async () => (await head(elsewhere)) !== '' && (await head(elsewhere)) === (await head(history)),
  )
  const checkout = join(scratch, 'checkout')
  await run('git', ['clone', '--quiet', elsewhere, checkout])
  const verified = await postern(['publish', 'verify', checkout])
  assert.equal(verified.code, 0, verified.out)
  // Every object that was ever written, reachable or not, unpacked.
  const objects = join(scratch, 'objects')
  await mkdir(objects)
  const { stdout } = await run('git', [
    '-C',
    history,
    'cat-file',
    '--batch-all-objects',
    '--batch-check',
  ])
  const ids = stdout
    .trim()
    .split('\n')
    .map((row) => row.split(' ') as [string, string])
  let abouts = 0
  for (const [id, type] of ids) {
    const object = await run('git', ['-C', history, 'cat-file', type, id], { encoding: 'buffer' })
    await writeFile(join(objects, id), object.stdout)
    if (object.stdout.toString().startsWith('# About this desk')) abouts++
  }
  assert.equal(abouts, 2)
  const found = await search(
    [CANARY, 'Elfenbeinturm9', kept['case'] ?? 'no case'],
    [objects, join(scratch, 'one'), checkout],
  )
  assert.ok(found.files > 50)
  assert.deepEqual(found.hits, [])
  assert.doesNotMatch(desk.server.printed(), /public-tree-not/)
})

const LICENCE: Licence = 'CC-BY-4.0'

async function releaseText(path: string, text: string, by: Actor = desk.first) {
  const { view, self }: Desk = await atWork(desk, by)
  const release = { path, bytes: bytesOfText(text), licence: LICENCE }
  return releaseDocuments(view, self, { release })
}

async function wordsOfReceipt(): Promise<string> {
  return (await file(desk, `Once more ${CANARY}`)).receipt
}

function get(path: string): Promise<Response> {
  return fetch(`${desk.server.url}${path}`)
}

/** The server looks at the end of the chain once a second, and builds while it answers. */
async function published(path: string, text: string): Promise<Response> {
  await until(async () => (await (await get(path)).text()) === text)
  return get(path)
}

async function until(fact: () => Promise<boolean>): Promise<void> {
  for (let left = 100; left > 0; left--) {
    if (await fact()) return
    await wait(100)
  }
  assert.fail(`it did not happen: ${desk.server.printed()}`)
}

async function filesOf(folder: string): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>()
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) {
      const path = join(entry.parentPath, entry.name)
      files.set(relative(folder, path), await readFile(path, 'utf8'))
    }
  return files
}

async function head(folder: string): Promise<string> {
  const { stdout } = await run('git', [
    '-C',
    folder,
    'for-each-ref',
    '--format=%(objectname)',
    'refs/heads/main',
  ])
  return stdout.trim()
}

function withoutJson(flags: readonly string[]): readonly string[] {
  return flags.filter((flag) => flag !== '--json')
}
