import { bytesOfText, type Bytes } from '#lexicon'
import type { Site } from './tree.ts'

/** https://www.sitemaps.org: up to 50,000 addresses in one file, so more go into several. */
export function* sitemaps(
  { url }: Site,
  pages: readonly string[],
): Generator<readonly [path: string, bytes: Bytes]> {
  const files: string[] = []
  for (let from = 0; from < pages.length; from += MOST) {
    const lines = pages.slice(from, from + MOST).map((at) => `<url><loc>${url}${at}</loc></url>\n`)
    files.push(`${XML}<urlset xmlns="${SITEMAP}">\n${lines.join('')}</urlset>\n`)
  }
  const [only = ''] = files
  if (files.length <= 1) {
    yield ['sitemap.xml', bytesOfText(only)]
    return
  }
  const names = files.map((_, n) => `sitemap-${n + 1}.xml`)
  for (const [n, file] of files.entries()) yield [names[n] ?? '', bytesOfText(file)]
  const lines = names.map((name) => `<sitemap><loc>${url}/${name}</loc></sitemap>\n`)
  const index = `${XML}<sitemapindex xmlns="${SITEMAP}">\n${lines.join('')}</sitemapindex>\n`
  yield ['sitemap.xml', bytesOfText(index)]
}

const MOST = 50_000
const XML = '<?xml version="1.0" encoding="utf-8"?>\n'
const SITEMAP = 'http://www.sitemaps.org/schemas/sitemap/0.9'

export function robots({ url }: Site): Bytes {
  return bytesOfText(`User-agent: *\nAllow: /\nSitemap: ${url}/sitemap.xml\n`)
}

/** What a static host says beside the files: the same strictness as the desk’s own server. */
export function headersFile(): Bytes {
  return bytesOfText(`/*
  Content-Security-Policy: default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'
  X-Content-Type-Options: nosniff
  Referrer-Policy: no-referrer
  Cross-Origin-Opener-Policy: same-origin
  Cross-Origin-Resource-Policy: same-origin
  X-Frame-Options: DENY
/.well-known/security.txt
  Content-Type: text/plain; charset=utf-8
/security.txt
  Content-Type: text/plain; charset=utf-8
/keys/*
  Content-Type: application/pgp-keys
/feed.xml
  Content-Type: application/atom+xml
/assets/*
  Cache-Control: public, max-age=31536000, immutable
`)
}
