import type { Context, Hono } from 'hono'
import type { Env } from './door-env.ts'
import { type BrowserFiles, compressedPage, encoded, pageOf } from './browser-files.ts'
import type { Rooms } from './handlers.ts'
import { HttpError } from './http-error.ts'
import { HEADERS_OF_KEY_THREAD, HEADERS_OF_PAGES } from './strict-headers.ts'

const FOREVER = 'public, max-age=31536000, immutable'

/** Which page shell answers where. The desk's own routes are the page's business. */
const PAGES = [
  ['/report', 'report'],
  ['/follow', 'follow'],
  ['/claim', 'claim'],
  ['/setup', 'setup'],
  ['/join', 'join'],
  ['/desk', 'desk'],
  ['/desk/*', 'desk'],
] as const

/** The pages with scripts, and their files. Nothing of a request reaches them but the path. */
export function serveBrowserFiles(
  app: Hono<Env>,
  files: BrowserFiles,
  rooms: Rooms,
  limit: (context: Context<Env>) => void,
): void {
  for (const [path, name] of PAGES) {
    app.get(path, async (context) => {
      limit(context)
      const moved = movedToOrigin(context.req.raw, rooms.identity.origin)
      if (moved !== undefined)
        return new Response(null, { status: 307, headers: { location: moved } })
      const directory = await rooms.identity.deskChain.current()
      const html = pageOf(files, name, directory?.desk ?? '')
      if (html === undefined) throw new HttpError('not-found')
      context.set('headers', HEADERS_OF_PAGES)
      const br = /\bbr\b/.test(context.req.header('accept-encoding') ?? '')
      const type = { 'content-type': 'text/html; charset=utf-8', vary: 'accept-encoding' }
      if (!br) return new Response(html, { headers: type })
      return new Response(compressedPage(html), { headers: { ...type, 'content-encoding': 'br' } })
    })
  }
  for (const [path, file] of files.assets) {
    app.get(path, (context) => {
      limit(context)
      const { body, encoding } = encoded(file, context.req.header('accept-encoding') ?? '')
      // The name holds the hash of the content: it never changes.
      context.set('headers', {
        'cache-control': path.startsWith('/assets/') ? FOREVER : 'no-store',
        ...(path.startsWith('/assets/member-') && HEADERS_OF_KEY_THREAD),
      })
      const headers: Record<string, string> = { 'content-type': file.type, vary: 'accept-encoding' }
      if (encoding !== '') headers['content-encoding'] = encoding
      return new Response(body, { headers })
    })
  }
}

/** Passkeys know names, not numbers: on this machine a page at 127.0.0.1 goes to localhost. */
function movedToOrigin(request: Request, origin: string): string | undefined {
  const url = new URL(request.url)
  const own = new URL(origin)
  const numbered = url.hostname === '127.0.0.1' || url.hostname === '[::1]'
  if (own.hostname !== 'localhost' || !numbered) return undefined
  return `${own.origin}${url.pathname}${url.search}`
}
