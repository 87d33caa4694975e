import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { projectBytes, readDirectoryFile } from '#directory'
import { bytesOfText, textOfBytes } from '#lexicon'
import { brokenLinks } from './broken-links.ts'
import { PublicationError } from './publication-error.ts'
import { publishTree } from './publish-tree.ts'
import { type Released, type Tree, TreeMemory } from './tree.ts'
import { TRIAL_SECURITY_TXT, TRIAL_SITE, trialDocument, trialProject } from './trial-tree.ts'

const CHAIN = { statements: [{ head: '{}', sig: '00' }] }
const OWN = ['security', 'about'].map((name) =>
  trialDocument(`pages/${name}.md`, readFileSync(`content/${name}.md`, 'utf8')),
)
const GUIDES = ['reporters', 'maintainers', 'coordinators'].map((name) =>
  trialDocument(`guides/${name}.md`, readFileSync(`content/${name}.md`, 'utf8')),
)
const KEY = trialDocument('keys/security.asc', '-----BEGIN PGP PUBLIC KEY BLOCK-----\n')
const INDEX = trialDocument('directory/index.json', '{"projects":{},"v":1}')
const LOOK = new Map([
  ['assets/tree-0123.css', bytesOfText('body{}')],
  ['mark.svg', bytesOfText('<svg/>')],
])
const PROJECTS = Array.from({ length: 12 }, (_, n) => trialProject(n))
const ALL = [...OWN, ...GUIDES, KEY, INDEX, TRIAL_SECURITY_TXT, ...PROJECTS]

function build(documents: readonly Released[], memory?: TreeMemory): Tree {
  return publishTree(TRIAL_SITE, documents, CHAIN, { look: LOOK, ...(memory && { memory }) })
}

function page(tree: Tree, at: string): string {
  return textOfBytes(tree.get(`${at.slice(1)}index.html`) ?? new Uint8Array())
}

function sameTree(a: Tree, b: Tree): void {
  assert.deepEqual([...a.keys()], [...b.keys()])
  for (const [path, bytes] of a) assert.deepEqual(b.get(path), bytes, path)
}

test('the same documents give the same bytes: in any order, twice, with and without memory', () => {
  const memory = new TreeMemory()
  const known = build(ALL)
  build(ALL.slice(5), memory)
  sameTree(build(ALL, memory), known)
  sameTree(build(ALL, memory), known)
  const some = fc.shuffledSubarray(ALL)
  fc.assert(
    fc.property(some, some, (first, second) => {
      build(first, memory)
      const kept = build(second, memory)
      sameTree(kept, build(second.toReversed()))
    }),
    { numRuns: 25 },
  )
})

test('memory of another site, of other bytes or of another date is not used', () => {
  const memory = new TreeMemory()
  build(ALL, memory)
  const other = { ...TRIAL_SITE, name: 'Other' }
  assert.match(
    textOfBytes(publishTree(other, ALL, CHAIN, { memory }).get('index.html') ?? KEY.bytes),
    /Other/,
  )
  build(ALL, memory)
  const guide = trialDocument('guides/reporters.md', '# New\n\nWords.\n')
  assert.match(page(build([guide], memory), '/guides/reporters/'), /<h1>New<\/h1>/)
  const later = { ...guide, at: '2026-12-01T00:00:00Z' }
  assert.match(page(build([later], memory), '/guides/reporters/'), /1 Dec 2026/)
})

test('a part of a project is led to from its umbrella, and back, also when only the name changed', () => {
  const memory = new TreeMemory()
  const part = trialProject(3, { umbrella: 'a-project-0' })
  const first = build([trialProject(0), part], memory)
  assert.match(
    page(first, '/projects/d-project-3/'),
    /Part of<\/dt>\s*<dd><a href="\/projects\/a-project-0\/">A project 0/,
  )
  assert.match(page(first, '/projects/a-project-0/'), /Parts of A project 0/)
  const renamed = build([trialProject(0, { name: 'New name' }), part], memory)
  assert.match(page(renamed, '/projects/d-project-3/'), /New name/)
  assert.doesNotMatch(page(build([trialProject(0)], memory), '/projects/a-project-0/'), /Parts of/)
})

test('no link of the tree is broken, and a broken one would be found', () => {
  const tree = build(ALL)
  assert.deepEqual(brokenLinks(tree), [])
  const bad = trialDocument(
    'guides/bad.md',
    '# Bad\n\n[a](/nowhere/) [b](/security/#keys) [c](/security/#none)\n',
  )
  assert.deepEqual(
    brokenLinks(build([...ALL, bad])).map(({ to }) => to),
    ['/nowhere/', '/security/#none'],
  )
})

test('released bytes stand in the tree as they are, security.txt at both its places', () => {
  const tree = build(ALL)
  for (const { path, bytes } of ALL) assert.deepEqual(tree.get(path), bytes, path)
  assert.deepEqual(tree.get('security.txt'), TRIAL_SECURITY_TXT.bytes)
  const says = /gpg --verify security\.txt/
  assert.doesNotMatch(textOfBytes(tree.get('security/index.html') ?? new Uint8Array()), says)
  const signed = `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n${textOfBytes(TRIAL_SECURITY_TXT.bytes)}-----BEGIN PGP SIGNATURE-----\n\nAAAA\n-----END PGP SIGNATURE-----\n`
  const page = build([trialDocument(TRIAL_SECURITY_TXT.path, signed)]).get('security/index.html')
  assert.match(textOfBytes(page ?? new Uint8Array()), says)
  assert.deepEqual(JSON.parse(textOfBytes(tree.get('chain/desk.json') ?? KEY.bytes)), CHAIN)
  const directory = JSON.parse(textOfBytes(tree.get('directory.json') ?? KEY.bytes)) as {
    licence: string
    projects: { name: string; channels: unknown[] }[]
  }
  assert.equal(directory.licence, 'CC-BY-4.0')
  assert.equal(directory.projects.length, PROJECTS.length)
  assert.ok(directory.projects.every(({ name, channels }) => name !== '' && channels.length > 0))
})

test('a project’s own channel comes first, and a public tracker is never offered as the way', () => {
  const tree = build(ALL)
  const numbered = (n: number) =>
    page(tree, `/projects/${String.fromCharCode(97 + n)}-project-${n}/`)
  const tidelift = numbered(0)
  assert.ok(
    tidelift.indexOf('Go to tidelift.com/security') < tidelift.indexOf('Write a report about'),
  )
  assert.match(numbered(4), /<span class="fpr">ABAB ABAB/)
  assert.match(numbered(3), /We know no channel of D project 3/)
  const tracker = numbered(9)
  assert.match(tracker, /Report to us, so that nothing becomes public too early/)
  assert.doesNotMatch(
    tracker,
    /class="btn[^"]*" href="https:\/\/github\.com\/example\/arrays\/issues"/,
  )
})

test('nothing hostile in a text becomes markup, a script or a foreign request', () => {
  const guide = trialDocument(
    'guides/evil.md',
    `# <b>Evil</b> \u{202e}\n\n<script>alert(1)</script>\n\n<div onclick="x">\n\n![p](https://evil.example/p.png) [j](javascript:alert(1)) [d](data:text/html,x) [h](http://evil.example/) [r](//evil.example/) <https://example.org/> <javascript:x>\n\n# Again\n\n# Again\n`,
  )
  for (const [path, bytes] of build([guide]))
    if (path.endsWith('.html')) {
      const text = textOfBytes(bytes)
      assert.doesNotMatch(
        text,
        /<(?:script|img|iframe|form|style|div on)|\son\w+="|javascript:[^<]*"|"data:|\u{202e}/iu,
        path,
      )
      const loads = [...text.matchAll(/ (?:src|action)="/g)]
      assert.equal(loads.length, 0, path)
      assert.equal([...text.matchAll(/<h1>/g)].length, 1, path)
    }
  const read = page(build([guide]), '/guides/evil/')
  assert.match(read, /<h2 id="again">.*<h2 id="again-2">/s)
  assert.doesNotMatch(read, /href="http:|href="\/\/|evil\.example\/p\.png" alt/)
})

test('what no tree can be made of is refused by name', () => {
  const refused = (code: string, ...documents: Released[]) =>
    assert.throws(
      () => build([...ALL, ...documents]),
      (error) => error instanceof PublicationError && error.code === code,
    )
  refused('document', trialDocument('projects/x.json', 'no JSON'))
  refused('document', trialDocument('projects/other.json', textOfBytes(trialProject(30).bytes)))
  refused('document', { ...KEY, path: 'guides/x.md', bytes: Uint8Array.of(0xff) })
  for (const path of [
    'index.html',
    'security/index.html',
    'sitemap.xml',
    'security.txt',
    'site.json',
    'keys/security.asc',
    '_headers',
    'assets/tree-0123.css',
    'chain/desk.json',
    'directory.json',
    'guides/index.html',
  ])
    refused('taken', trialDocument(path, 'x'))
})

test('a directory of thousands is usable without a script: by letter, in pages of at most 50 kB', () => {
  const many = Array.from({ length: 3000 }, (_, n) =>
    trialProject(n, n % 7 === 0 ? { name: `Python ${n}` } : {}),
  )
  const tree = build([...many, ...OWN, ...GUIDES, TRIAL_SECURITY_TXT, KEY])
  const reached = new Set<string>()
  for (const [path, bytes] of tree) {
    if (!path.endsWith('.html')) continue
    assert.ok(bytes.length <= 50_000, `${path}: ${bytes.length}`)
    if (path.startsWith('directory/'))
      for (const [, id = ''] of textOfBytes(bytes).matchAll(/href="\/projects\/([^/"]+)\/"/g))
        reached.add(id)
  }
  assert.equal(reached.size, 3000)
  assert.ok(tree.has('directory/by-letter/p/2/index.html'))
  assert.deepEqual(brokenLinks(tree), [])
})

test('the example directory is one page, and each of its projects says where it was read', () => {
  const { projects } = readDirectoryFile(readFileSync('examples/numfocus.yaml', 'utf8'))
  const released = [...projects.values()].map((project) => {
    return { ...trialDocument(`projects/${project.id}.json`, ''), bytes: projectBytes(project) }
  })
  const tree = build([...released, ...OWN, ...GUIDES, TRIAL_SECURITY_TXT, KEY])
  assert.ok(released.length >= 152)
  assert.deepEqual(brokenLinks(tree), [])
  assert.deepEqual(
    [...tree.keys()].filter((path) => path.startsWith('directory/')),
    ['directory/index.html'],
  )
  for (const [path, bytes] of tree)
    if (path.endsWith('.html')) assert.ok(bytes.length <= 50_000, `${path}: ${bytes.length}`)
  const numpy = page(tree, '/projects/numpy/')
  assert.match(numpy, /takes security reports through Tidelift/)
  assert.match(numpy, />numpy\/\.github, SECURITY\.md \([0-9a-f]{7}\)<\/a>/)
})

test('feed and sitemap name what is new and every page', () => {
  const tree = build(ALL)
  const feed = textOfBytes(tree.get('feed.xml') ?? KEY.bytes)
  assert.match(feed, /^<\?xml version="1\.0" encoding="utf-8"\?>\s*<feed/)
  assert.equal([...feed.matchAll(/<entry>/g)].length, OWN.length + GUIDES.length + 3)
  const sitemap = textOfBytes(tree.get('sitemap.xml') ?? KEY.bytes)
  const pages = [...tree.keys()].filter((path) => path.endsWith('index.html'))
  assert.equal([...sitemap.matchAll(/<loc>/g)].length, pages.length)
  assert.match(sitemap, /<loc>https:\/\/security\.example\.org\/projects\/a-project-0\/<\/loc>/)
})

test('every page carries its licence in words and in data, and says where it is when it is shared', () => {
  for (const [path, bytes] of build(ALL))
    if (path.endsWith('.html')) {
      const text = textOfBytes(bytes)
      assert.match(
        text,
        /<link rel="license" href="https:\/\/creativecommons\.org\/licenses\/by\/4\.0\/"/,
        path,
      )
      assert.match(text, /Text <a rel="license" href="\/licence\/">CC BY 4\.0<\/a>/, path)
      assert.match(text, /property="og:title" content="[^"]+"/, path)
      assert.match(text, /<meta name="description" content="[^"]+"/, path)
    }
})

test('an empty tree is a tree', () => {
  const tree = publishTree(TRIAL_SITE, [], { statements: [] })
  assert.deepEqual(brokenLinks(tree), [])
  assert.match(page(tree, '/directory/'), /0 projects/)
  assert.match(page(tree, '/guides/'), /None is released yet/)
})
