import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import { brotliCompressSync } from 'node:zlib'
import { HtmlValidate } from 'html-validate'
import type { Browser } from 'playwright-core'
import { readBrowserFiles } from '../src/http/browser-files.ts'
import { brokenLinks, publishTree, type Released, type Tree } from '../src/publication/index.ts'
import {
  TRIAL_SECURITY_TXT,
  TRIAL_SITE,
  trialDocument,
  trialProject,
} from '../src/publication/trial-tree.ts'
import { newPerson, openChromium, type Person } from './browser-stage.ts'
import { everyLook } from './every-look.ts'

/*
 * The tree that a foundation would publish, with our own first texts: valid, whole without a script, light, and
 * fit for everybody. It is served as any static host would, with the headers that it brings along.
 */

const browserFiles = readBrowserFiles('dist/browser')
const look = new Map(
  [...browserFiles.assets]
    .filter(([path]) => /^\/assets\/(?:tree|atkinson)-/.test(path))
    .map(([path, { plain }]) => [path.slice(1), plain] as const),
)
look.set('mark.svg', new Uint8Array(readFileSync('src/http/pages/mark.svg')))

const texts: readonly (readonly [path: string, name: string])[] = [
  ['pages/security.md', 'security'],
  ['pages/about.md', 'about'],
  ['guides/reporters.md', 'reporters'],
  ['guides/maintainers.md', 'maintainers'],
  ['guides/coordinators.md', 'coordinators'],
]
const documents: readonly Released[] = [
  ...texts.map(([path, name]) => trialDocument(path, readFileSync(`content/${name}.md`, 'utf8'))),
  trialDocument('keys/security.asc', '-----BEGIN PGP PUBLIC KEY BLOCK-----\n'),
  TRIAL_SECURITY_TXT,
]
const few = Array.from({ length: 40 }, (_, n) => trialProject(n))
const many = Array.from({ length: 600 }, (_, n) => trialProject(n))
const small = treeOf(few)
const large = treeOf(many)

let browser: Browser
let person: Person
let served = small
const ends: (() => Promise<void>)[] = []
const site = createServer((request, response) => {
  const path = (request.url ?? '').slice(1)
  const bytes = served.get(path === '' || path.endsWith('/') ? `${path}index.html` : path)
  response.writeHead(bytes === undefined ? 404 : 200, {
    'content-type': TYPES[/\.\w+$/.exec(path)?.[0] ?? '.html'] ?? 'application/octet-stream',
    'content-security-policy': POLICY,
  })
  response.end(bytes)
})
let origin = ''

before(async () => {
  site.listen(0, '127.0.0.1')
  await once(site, 'listening')
  const address = site.address()
  assert.ok(address !== null && typeof address === 'object')
  origin = `http://127.0.0.1:${address.port}`
  browser = await openChromium((end) => ends.push(end))
  person = await newPerson(browser)
})

after(async () => {
  for (const end of ends.reverse()) await end()
  site.close()
})

test('every page is valid HTML, leads nowhere wrong, has no script and weighs little', async () => {
  const validator = new HtmlValidate({ extends: ['html-validate:recommended'], rules: RULES })
  const sheet = [...look].find(([path]) => path.endsWith('.css'))?.[1] ?? new Uint8Array()
  const font = [...look].find(([path]) => path.endsWith('.woff2'))?.[1] ?? new Uint8Array()
  const shared = brotliCompressSync(sheet).length + font.length
  assert.ok(font.length > 10_000 && sheet.length > 10_000)
  const found: string[] = []
  for (const tree of [small, large]) {
    assert.deepEqual(brokenLinks(tree), [])
    for (const [path, bytes] of tree) {
      if (!path.endsWith('.html')) continue
      const text = new TextDecoder().decode(bytes)
      assert.ok(bytes.length <= 50_000, `${path}: ${bytes.length}`)
      const whole = shared + brotliCompressSync(bytes).length
      assert.ok(whole <= 50_000, `${path} with sheet and font: ${whole}`)
      assert.doesNotMatch(text, /<script|\son\w+=|style=/, path)
      // The same template many times over is judged a few times: each kind of channel is among them.
      if (/^projects\/\w-project-\d\d/.test(path)) continue
      if (tree === large && !/^directory\/(?:index|by-letter\/[ab]\/)/.test(path)) continue
      const { results } = await validator.validateString(text)
      for (const { ruleId, message, line } of results.flatMap(({ messages }) => messages))
        found.push(`${path}:${line} ${ruleId}: ${message}`)
    }
  }
  assert.deepEqual(found, [])
})

for (const [at, of] of [
  ['/', 'small'],
  ['/security/', 'small'],
  ['/directory/', 'small'],
  ['/directory/', 'large'],
  ['/directory/by-letter/a/', 'large'],
  ['/projects/a-project-0/', 'small'],
  ['/projects/e-project-4/', 'small'],
  ['/projects/j-project-9/', 'small'],
  ['/guides/', 'small'],
  ['/guides/reporters/', 'small'],
  ['/policies/access/', 'small'],
] as const)
  test(`everybody can use ${at} of a ${of} directory`, async () => {
    served = of === 'small' ? small : large
    await person.page.goto(`${origin}${at}`)
    assert.equal(await person.page.getByRole('heading', { level: 1 }).count(), 1)
    assert.deepEqual(await everyLook(person, `public ${at} ${of}`), [])
    assert.deepEqual(person.complaints, [])
    assert.deepEqual([...person.hosts], [new URL(origin).host], 'nothing is fetched from elsewhere')
  })

test('on paper a page is its text, without navigation', async () => {
  const { page } = person
  served = small
  await page.goto(`${origin}/security/`)
  await page.emulateMedia({ media: 'print' })
  assert.equal(await page.getByRole('navigation').first().isVisible(), false)
  assert.equal(await page.getByRole('heading', { name: 'Keys and fingerprints' }).isVisible(), true)
  await page.emulateMedia({ media: null })
})

/** What the rules say against the style of Prettier, which writes our templates. */
const RULES: Record<string, 'off' | ['error', { style: string }]> = {
  'void-style': ['error', { style: 'selfclose' }],
  'doctype-style': ['error', { style: 'lowercase' }],
  'no-trailing-whitespace': 'off',
}

const POLICY = /Content-Security-Policy: (.*)/.exec(
  new TextDecoder().decode(small.get('_headers')),
)?.[1]

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

function treeOf(projects: readonly Released[]): Tree {
  return publishTree(TRIAL_SITE, [...documents, ...projects], { statements: [] }, { look })
}
