import { existsSync, globSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import type { Bytes } from '#lexicon'

/** One file for browsers, in the encodings that were made when it was built. */
export type BrowserFile = {
  readonly type: string
  readonly plain: Bytes
  readonly br: Bytes | undefined
  readonly gzip: Bytes | undefined
}

/** What the build made, held in memory: what is served cannot change under us. */
export type BrowserFiles = {
  /** By path, as `/assets/desk-….js`. */
  readonly assets: ReadonlyMap<string, BrowserFile>
  /** The page shells by name, each with one place for the desk id. */
  readonly pages: ReadonlyMap<string, string>
}

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
}

/** Reads `dist/browser`. Throws where it was not built. */
export function readBrowserFiles(folder: string): BrowserFiles {
  const names = globSync('{manifest.json,notice.txt,*.html,assets/*.{js,css,woff2}}', {
    cwd: folder,
  })
  const assets = new Map<string, BrowserFile>()
  const pages = new Map<string, string>()
  for (const name of names) {
    const file = join(folder, name)
    const plain = bytesOf(file)
    if (name.endsWith('.html')) pages.set(name.slice(0, -5), new TextDecoder().decode(plain))
    else
      assets.set(`/${name}`, {
        type: TYPES[extname(name)] ?? 'application/octet-stream',
        plain,
        br: existsSync(`${file}.br`) ? bytesOf(`${file}.br`) : undefined,
        gzip: existsSync(`${file}.gz`) ? bytesOf(`${file}.gz`) : undefined,
      })
  }
  if (pages.size === 0) throw new Error('The pages for browsers are not built: npm run build.')
  return { assets, pages }
}

const PLACE = '<meta name="postern-desk" content=""'

/** The page with the pin in its place: the only bytes that differ between desks (PROTOCOL 0). */
export function pageOf(files: BrowserFiles, name: string, desk: string): string | undefined {
  return files.pages.get(name)?.replace(PLACE, `${PLACE.slice(0, -1)}${desk}"`)
}

/** The link to the sheet of public pages, as the built ones have it: pages without scripts look the same. */
export function sheetOf({ pages }: BrowserFiles): string {
  const link = /<link rel="stylesheet" href="\/assets\/public-[^>]*>/.exec(
    pages.get('report') ?? '',
  )
  return link?.[0] ?? ''
}

/** The best encoding that the asker takes. Assets hold no secret, so compressing them tells nothing (BREACH). */
export function encoded(
  file: BrowserFile,
  accepts: string,
): { readonly body: Bytes; readonly encoding: string } {
  if (file.br !== undefined && /\bbr\b/.test(accepts)) return { body: file.br, encoding: 'br' }
  if (file.gzip !== undefined && /\bgzip\b/.test(accepts))
    return { body: file.gzip, encoding: 'gzip' }
  return { body: file.plain, encoding: '' }
}

/** Page shells hold the desk id, which is public. Each is compressed once, so it may take its time. */
export function compressedPage(html: string): Bytes {
  const known = compressed.get(html) ?? new Uint8Array(brotliCompressSync(html))
  // A desk is set up once; five pages before, five after.
  if (compressed.size > 10) compressed.clear()
  compressed.set(html, known)
  return known
}

const compressed = new Map<string, Bytes>()

function bytesOf(file: string): Bytes {
  return new Uint8Array(readFileSync(file))
}
