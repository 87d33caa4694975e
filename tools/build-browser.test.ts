import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, test } from 'node:test'
import { runCommand } from './run-command.ts'

const folders: string[] = []
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

const here = await built('postern-pages-', { TZ: 'UTC', LANG: 'C' })
const there = await built('Beiträge über Seiten ', { TZ: 'Pacific/Chatham', LANG: 'tr_TR.UTF-8' })
const manifest = JSON.parse(read(here, 'manifest.json')) as Readonly<Record<string, string>>

test('the same source gives the same bytes in another folder, zone and language', () => {
  const names = filesOf(here)
  assert.ok(names.length > 30)
  assert.deepEqual(filesOf(there), names)
  for (const name of names)
    assert.ok(readFileSync(join(here, name)).equals(readFileSync(join(there, name))), name)
})

test('nothing of the machine that built it stands in it', () => {
  for (const name of filesOf(here)) {
    const text = read(here, name)
    for (const trace of [process.cwd(), tmpdir(), 'sourceMappingURL'])
      assert.ok(!text.includes(trace), `${name}: ${trace}`)
  }
})

test('the manifest names every file with its hash', () => {
  const served = filesOf(here).filter((name) => !/\.(?:br|gz)$|^\.inputs$|^manifest/.test(name))
  assert.deepEqual(Object.keys(manifest).toSorted(), served.map((name) => `/${name}`).toSorted())
  for (const name of served) assert.equal(manifest[`/${name}`], integrity(here, name), name)
})

test('each page loads only what is built, with its true integrity', () => {
  const pages = filesOf(here).filter((name) => name.endsWith('.html'))
  assert.ok(pages.length >= 5)
  for (const page of pages) {
    const tags = [...read(here, page).matchAll(/<(?:script|link rel="stylesheet")[^>]*>/g)]
    assert.ok(tags.length >= 2, page)
    for (const [tag] of tags) {
      const path = /(?:src|href)="\/([^"]+)"/.exec(tag)?.[1] ?? ''
      assert.match(tag, / crossorigin[ >]/, `${page}: ${tag}`)
      assert.ok(tag.includes(` integrity="${integrity(here, path)}"`), `${page}: ${tag}`)
    }
  }
})

test('a page knows the addresses of the workers that were built, and no script loads another', () => {
  const scripts = filesOf(here).filter((name) => name.endsWith('.js'))
  for (const name of scripts) {
    const text = read(here, name)
    assert.doesNotMatch(text, /\bimport\s*\(|\bimportScripts\b|\beval\(/, name)
    const named = text.matchAll(/\/assets\/(?:reporter|member|verifier|text|mail)-[0-9a-f]+\.js/g)
    for (const [path] of named) assert.ok(path in manifest, path)
  }
})

test('what makes public pages and reads directories as files is in no script', () => {
  for (const name of filesOf(here).filter((file) => file.endsWith('.js')))
    assert.doesNotMatch(read(here, name), /sitemaps\.org|YAMLParseError|PackageURL/, name)
})

test('the thread that verifies signatures is known to the one that holds keys alone, and is nothing else', () => {
  const knowing = filesOf(here).filter(
    (name) => name.endsWith('.js') && read(here, name).includes('/assets/verifier-'),
  )
  assert.deepEqual(knowing.length, 1)
  assert.match(knowing[0] ?? '', /^assets\/member-/)
  const verifier = filesOf(here).find((name) => /\/verifier-[0-9a-f]+\.js$/.test(name)) ?? ''
  const text = read(here, verifier)
  // Of all cryptography one question, and no key that is secret.
  const asked = [...text.matchAll(/subtle\.(\w+)/g)].map(([, name]) => name)
  assert.deepEqual(new Set(asked), new Set(['importKey', 'verify']))
  assert.ok(text.length < 3000, `${text.length}`)
})

test('each worker starts, whatever was left out of it', async () => {
  for (const worker of ['reporter', 'member', 'verifier', 'text', 'mail']) {
    const name = filesOf(here).find((file) => file.startsWith(`assets/${worker}-`)) ?? ''
    const { output } = await runCommand(process.execPath, ['-e', AS_WORKER, join(here, name)])
    assert.equal(output, 'it listens\n', worker)
  }
})

/** A thread with what workers have; it ends when the script listens to its page. */
const AS_WORKER = `
  globalThis.postMessage = () => {}
  globalThis.addEventListener = (event) => {
    if (event !== 'message') return
    console.log('it listens')
    setTimeout(() => process.exit(), 50)
  }
  require('node:vm').runInThisContext(require('node:fs').readFileSync(process.argv[1], 'utf8'))`

async function built(name: string, env: Readonly<Record<string, string>>): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), name))
  folders.push(root)
  for (const part of ['src', 'tools', 'package.json', 'package-lock.json', 'NOTICE'])
    cpSync(part, join(root, part), { recursive: true })
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'))
  const { ok, output } = await runCommand(process.execPath, ['tools/build-browser.ts'], {
    cwd: root,
    env,
  })
  assert.ok(ok, output)
  return join(root, 'dist/browser')
}

function filesOf(folder: string): readonly string[] {
  return globSync(['**/*.*', '.inputs'], { cwd: folder }).toSorted()
}

function read(folder: string, name: string): string {
  return readFileSync(join(folder, name), 'utf8')
}

function integrity(folder: string, name: string): string {
  const hash = createHash('sha384').update(readFileSync(join(folder, name)))
  return `sha384-${hash.digest('base64')}`
}
