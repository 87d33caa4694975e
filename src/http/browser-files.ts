import { existsSync, globSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
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

/** Page shells hold the desk id, which is public. */
export function compressedPage(html: string): Bytes {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 5 }
  return new Uint8Array(brotliCompressSync(html, { params }))
}

function bytesOf(file: string): Bytes {
  return new Uint8Array(readFileSync(file))
}
