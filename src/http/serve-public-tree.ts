import type { Context, Hono } from 'hono'
import type { PublicTree, ShownFile, ShownTree } from '#valve'
import type { Env } from './door-env.ts'
import { HttpError } from './http-error.ts'

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  json: 'application/json',
  xml: 'application/xml; charset=utf-8',
  asc: 'application/pgp-keys',
  svg: 'image/svg+xml',
  png: 'image/png',
  woff2: 'font/woff2',
}
/** For programs: other sites may read them in a browser. */
const FOR_EVERYBODY = ['json', 'txt', 'asc', 'xml', 'md']
const CORS = {
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
}
/** No page of the tree has a script, whatever somebody brought into a document (R02). */
const POLICY =
  "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/**
 * The public tree, where no route of ours answers: this comes last, so no document takes the place of a page
 * or of the API. A path is taken as it is written: nothing in it is decoded.
 */
export function servePublicTree(
  app: Hono<Env>,
  tree: PublicTree,
  limit: (context: Context<Env>) => void,
): void {
  app.get('/*', async (context) => {
    limit(context)
    const { pathname } = new URL(context.req.url)
    if (!/^\/[A-Za-z0-9._/-]+$/.test(pathname) || pathname.startsWith('/api/'))
      throw new HttpError('not-found')
    const shown = await tree.current()
    if (shown === undefined)
      throw new HttpError(tree.failure() === undefined ? 'not-found' : 'unavailable')
    const path = pathname.slice(1)
    const file = fileFor(shown, path)
    if (file !== undefined) return answer(context, path, file)
    if (!path.endsWith('/') && fileFor(shown, `${path}/`) !== undefined)
      return new Response(null, { status: 308, headers: { location: `${pathname}/` } })
    throw new HttpError('not-found')
  })
}

function fileFor(tree: ShownTree, path: string): ShownFile | undefined {
  return tree.fileAt(path.endsWith('/') ? `${path}index.html` : path)
}

function answer(context: Context<Env>, path: string, { bytes, etag }: ShownFile): Response {
  const name = path.endsWith('/') ? 'index.html' : path
  const extension = name.slice(name.lastIndexOf('.') + 1)
  const own: Record<string, string> = {
    'content-security-policy': POLICY,
    // Asked for again each time: what was withdrawn is gone at once.
    'cache-control': 'no-cache',
    ...(FOR_EVERYBODY.includes(extension) && CORS),
  }
  context.set('headers', own)
  const seen = context.req.header('if-none-match')?.split(/\s*,\s*/) ?? []
  if (seen.some((each) => each.replace(/^W\//, '') === etag))
    return new Response(null, { status: 304, headers: { etag } })
  const type = TYPES[extension] ?? 'application/octet-stream'
  return new Response(bytes, { headers: { 'content-type': type, etag } })
}
