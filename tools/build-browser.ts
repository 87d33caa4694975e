import { build } from 'esbuild'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { bundleScript, type Script } from './build-browser-script.ts'
import { type Face, shellOf } from './build-browser-shell.ts'

/*
 * Makes what browsers get: scripts, sheets and page shells, each under a name that holds its hash, with
 * integrity in the pages and one list of all hashes. The same source gives the same bytes in any folder,
 * zone and language. `--if-stale` does nothing when nothing changed; `--to DIR` builds elsewhere.
 */

const PAGES: readonly (readonly [page: string, face: Face])[] = [
  ['claim', 'public'],
  ['desk', 'desk'],
  ['follow', 'public'],
  ['join', 'desk'],
  ['report', 'public'],
  ['setup', 'desk'],
]
const FONT =
  'node_modules/@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2'
const FONT_LICENCE = 'node_modules/@fontsource-variable/atkinson-hyperlegible-next/LICENSE'
const INPUTS = [
  'src/{lexicon,contract,directory,publication,seal,client,worker,text,browser}/**/*.{ts,tsx,css,html}',
  'tools/build-browser{,-script,-shell,-openpgp,-contract}.ts',
  'src/http/pages/mark.svg',
  'package-lock.json',
  'package.json',
  'NOTICE',
]

type Files = Map<string, Uint8Array>

const to = valueOf('--to') ?? 'dist/browser'
const inputs = inputsHash()
if (process.argv.includes('--if-stale') && stampOf(to) === inputs) process.exit(0)
const files = await buildAll()
await writeAll(files, to)
console.log(`${files.size} files for browsers, ${sizes(files)}`)

async function buildAll(): Promise<Files> {
  const out: Files = new Map()
  const verifier = await script(out, 'verifier', {
    entry: 'src/worker/verify-main.ts',
    openpgp: 'none',
    small: true,
  })
  const workers = {
    reporter: await script(out, 'reporter', {
      entry: 'src/worker/reporter-main.ts',
      openpgp: 'reporters',
    }),
    claim: await script(out, 'claimant', {
      entry: 'src/worker/claim-main.ts',
      openpgp: 'reporters',
      claims: true,
    }),
    member: await script(out, 'member', {
      entry: 'src/worker/member-main.ts',
      openpgp: 'whole',
      define: { VERIFIER: JSON.stringify(verifier) },
    }),
    text: await script(out, 'text', { entry: 'src/text/text-main.ts', openpgp: 'none' }),
    mail: await script(out, 'mail', { entry: 'src/text/mail-main.ts', openpgp: 'none' }),
  }
  const font = put(out, 'atkinson', '.woff2', readFileSync(FONT))
  const names = new Map<string, string>()
  for (const sheet of ['public', 'desk', 'tree'])
    names.set(`/assets/${sheet}.css`, await style(out, sheet, font))
  const define = { WORKERS: JSON.stringify(workers) }
  for (const [page] of PAGES) {
    const entry = `src/browser/pages/${page}/${page}-main.tsx`
    names.set(`/assets/${page}.js`, await script(out, page, { entry, openpgp: 'none', define }))
  }
  for (const [page, face] of PAGES)
    out.set(`/${page}.html`, withIntegrity(shellOf(page, face), names, out))
  out.set('/notice.txt', Buffer.concat([readFileSync('NOTICE'), readFileSync(FONT_LICENCE)]))
  const hashes = Object.fromEntries(
    [...out].map(([path, bytes]) => [path, integrity(bytes)] as const).toSorted(byName),
  )
  out.set('/manifest.json', new TextEncoder().encode(`${JSON.stringify(hashes, null, 1)}\n`))
  return out
}

async function script(out: Files, name: string, given: Script): Promise<string> {
  return put(out, name, '.js', await bundleScript(given))
}

async function style(out: Files, name: string, font: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [`src/browser/style/${name}.css`],
    bundle: true,
    write: false,
    minify: true,
    external: ['/assets/*'],
    target: 'es2023',
    logLevel: 'warning',
  })
  const text = outputFiles[0]?.text ?? ''
  return put(
    out,
    name,
    '.css',
    new TextEncoder().encode(text.replaceAll('/assets/atkinson.woff2', font)),
  )
}

/** The page as it is served, but for the desk id in its `<meta>`. */
function withIntegrity(shell: string, names: ReadonlyMap<string, string>, out: Files): Uint8Array {
  let html = shell
  for (const [plain, hashed] of names) {
    const sum = integrity(out.get(hashed) ?? new Uint8Array())
    html = html
      // Without `crossorigin` the Integrity-Policy counts the integrity as missing.
      .replaceAll(`src="${plain}"`, `src="${hashed}" integrity="${sum}" crossorigin`)
      .replaceAll(`href="${plain}"`, `href="${hashed}" integrity="${sum}" crossorigin`)
  }
  const loose = /(?:src|href)="\/assets\/[a-z]+\.(?:js|css)"/.exec(html)
  if (loose !== null) throw new Error(`A page names ${loose[0]}, which is not built.`)
  return new TextEncoder().encode(html)
}

function put(out: Files, name: string, end: string, bytes: Uint8Array): string {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16)
  const path = `/assets/${name}-${hash}${end}`
  out.set(path, bytes)
  return path
}

async function writeAll(all: Files, folder: string): Promise<void> {
  const near = dirname(folder)
  mkdirSync(near, { recursive: true })
  const fresh = mkdtempSync(join(near, '.browser-'))
  chmodSync(fresh, 0o755)
  for (const [path, bytes] of all) {
    const file = join(fresh, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, bytes)
    if (path.endsWith('.woff2')) continue
    const [br, gz] = await Promise.all([brotli(bytes), gzipped(bytes, { level: 9 })])
    // Pages get the desk id put in when they are served, so they are compressed then.
    if (!path.endsWith('.html')) {
      writeFileSync(`${file}.br`, br)
      writeFileSync(`${file}.gz`, gz)
    }
  }
  writeFileSync(join(fresh, '.inputs'), inputs)
  const old = `${fresh}.old`
  if (existsSync(folder)) renameSync(folder, old)
  renameSync(fresh, folder)
  rmSync(old, { recursive: true, force: true })
}

function brotli(bytes: Uint8Array): Promise<Buffer> {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11 }
  return promisify(brotliCompress)(bytes, { params })
}

function gzipped(bytes: Uint8Array, options: { level: number }): Promise<Buffer> {
  return promisify<Uint8Array, { level: number }, Buffer>(gzip)(bytes, options)
}

function integrity(bytes: Uint8Array): string {
  return `sha384-${createHash('sha384').update(bytes).digest('base64')}`
}

function inputsHash(): string {
  const hash = createHash('sha256')
  // A test is in no page: a changed one must not make servers that start just now build at once.
  for (const file of globSync(INPUTS, { exclude: ['**/*.test.{ts,tsx}'] }).toSorted())
    hash.update(`${file}\0`).update(readFileSync(file)).update('\0')
  return hash.digest('hex')
}

function stampOf(folder: string): string {
  const stamp = join(folder, '.inputs')
  return existsSync(stamp) ? readFileSync(stamp, 'utf8') : ''
}

function sizes(all: Files): string {
  const total = [...all.values()].reduce((sum, bytes) => sum + bytes.length, 0)
  return `${Math.round(total / 1024)} kB before compression`
}

function byName(a: readonly [string, string], b: readonly [string, string]): number {
  return a[0] < b[0] ? -1 : 1
}

function valueOf(flag: string): string | undefined {
  const at = process.argv.indexOf(flag)
  return at < 0 ? undefined : process.argv[at + 1]
}
