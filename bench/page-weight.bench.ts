import type { Browser, Page, Request } from 'playwright-core'
import { gzipSync } from 'node:zlib'
import { newPerson, openChromium } from '../stories/browser-stage.ts'
import { openDesk } from '../stories/stage.ts'
import { bundleScript } from '../tools/build-browser-script.ts'
import { atMost, type Measured, type Row } from './bench.ts'

export const name = 'What a first visit loads, in bytes'

/*
 * Real pages in Chromium with an empty cache. Counted is what the browser says that it received of the
 * page's own files: heads and bodies, compressed as served. What the API answers is printed and held to no
 * bound: it grows with the desk, not with the page.
 */

const WIRE = 150_000
const OWN_SCRIPT = 60_000

type Loaded = {
  readonly path: string
  readonly head: number
  readonly body: number
  /** Uncompressed, of scripts. */
  readonly script: Buffer | undefined
}

export async function run(): Promise<Measured> {
  const ends: (() => Promise<void>)[] = []
  const after = (end: () => Promise<void>) => ends.push(end)
  try {
    const { server } = await openDesk(after)
    const browser = await openChromium(after, 'whole')
    const visit = (path: string) => firstVisit(browser, `${server.url}${path}`)
    const rows: Row[] = []
    for (const path of ['/report', '/follow', '/claim']) {
      const bytes = told(path, await visit(path))
      rows.push(atMost(`${path}: bytes over the wire`, bytes, WIRE, 1))
    }
    const desk = await visit('/desk')
    told('/desk', desk)
    rows.push(atMost('/desk: own script, gzip', await ownScript(desk), OWN_SCRIPT, 1))
    return { rows }
  } finally {
    for (const end of ends.toReversed()) await end()
  }
}

async function firstVisit(browser: Browser, url: string): Promise<readonly Loaded[]> {
  const { page, context } = await newPerson(browser)
  const asked: Promise<Loaded>[] = []
  context.on('requestfinished', (request) => asked.push(loaded(request)))
  await page.goto(url)
  await shown(page)
  const all = await Promise.all(asked)
  await context.close()
  return all
}

/** The page can be used: its form or its way in stands there, and nothing more is on its way. */
async function shown(page: Page): Promise<void> {
  await page.locator('main :is(textarea, input, button, .btn)').first().waitFor()
  await page.waitForLoadState('networkidle')
  await page.waitForTimeout(1000)
}

async function loaded(request: Request): Promise<Loaded> {
  const { responseHeadersSize, responseBodySize } = await request.sizes()
  const response = await request.response()
  const path = new URL(request.url()).pathname
  const isScript = path.endsWith('.js')
  // Of a worker's own script the browser says nothing here, so the server's word counts.
  const length = Number(response?.headers()['content-length'] ?? 0)
  const body = responseBodySize === 0 ? length : responseBodySize
  if (isScript && body === 0) throw new Error(`Nobody says how long ${path} is.`)
  const script = isScript ? await scriptAt(request.url()) : undefined
  return { path, head: responseHeadersSize, body, script }
}

async function scriptAt(url: string): Promise<Buffer> {
  return Buffer.from(await (await fetch(url)).arrayBuffer())
}

/** Prints every file; returns the sum of the page's own ones. */
function told(page: string, all: readonly Loaded[]): number {
  const own = all.filter(({ path }) => !path.startsWith('/api/'))
  const sum = own.reduce((total, { head, body }) => total + head + body, 0)
  for (const { path, head, body } of all)
    console.log(
      `  ${page}  ${String(body).padStart(7)} + head ${String(head).padStart(5)}  ${path}`,
    )
  return sum
}

/**
 * All scripts that the desk loads, those for strangers' texts and for signatures too, less OpenPGP.js: that is the member's
 * worker as served, less the same worker built without it.
 */
async function ownScript(desk: readonly Loaded[]): Promise<number> {
  const worker = desk.find(({ path }) => path.startsWith('/assets/member-'))?.script
  if (worker === undefined) throw new Error('The desk did not start its worker.')
  const page = desk.flatMap(({ path, script }) => (path.includes('/desk-') ? (script ?? []) : []))
  const bare = await bundleScript({ entry: 'src/worker/member-main.ts', openpgp: 'none' })
  const text = await bundleScript({ entry: 'src/text/text-main.ts', openpgp: 'none' })
  const verifier = { entry: 'src/worker/verify-main.ts', openpgp: 'none', small: true } as const
  const signatures = await bundleScript(verifier)
  const parts = {
    page: gzipped(Buffer.concat(page)),
    worker: gzipped(worker),
    'OpenPGP.js in it': gzipped(bare) - gzipped(worker),
    'worker for texts': gzipped(text),
    'worker for signatures': gzipped(signatures),
  }
  console.log(`  own script = ${JSON.stringify(parts)}`)
  return Object.values(parts).reduce((total, part) => total + part, 0)
}

function gzipped(bytes: Uint8Array): number {
  return gzipSync(bytes, { level: 9 }).length
}
