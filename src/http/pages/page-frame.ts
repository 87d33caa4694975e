import { html, Markup } from './markup.ts'
import type { Directory } from '#seal'

/** Everything that a page shows is public. */
export type PublicDesk = {
  readonly origin: string
  /** Whom mail is taken for; `''` where it is not. */
  readonly mail: string
  readonly planned: { readonly name: string; readonly domain: string }
  /** Absent before the desk is set up. */
  readonly directory: Directory | undefined
  readonly restored: boolean
}

/**
 * One page: head, mark, content, foot, in the look of the pages with scripts (frame-public.tsx). `sheet` is
 * the link to theirs; all else that is put in is escaped by `html`.
 */
export function pageFrame(title: string, brand: string, sheet: string, main: Markup): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="/mark.svg" />
        ${new Markup(sheet)}
      </head>
      <body class="public">
        <a class="skip" href="#main">Skip to content</a>
        <header class="masthead">
          <div>
            <a class="brand" href="/">
              <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
                <path
                  fill-rule="evenodd"
                  d="M2 22V3h5v3h2.5V3h5v3H17V3h5v19zM12.5 22h6v-6.2a3 3 0 0 0-6 0z"
                />
              </svg>
              <span>${brand}</span>
            </a>
            <nav aria-label="Main">
              <a href="/report">Report a problem</a>
              <a href="/follow">Follow a report</a>
            </nav>
          </div>
        </header>
        <main id="main"><div class="page">${main}</div></main>
        <footer class="foot">
          <div>
            <span>This page has no scripts and no cookies.</span>
            <a href="/api/v1/openapi.json">For programs: the API</a>
          </div>
        </footer>
      </body>
    </html>`
  return page.text
}

/** The name to show: of the desk, else what the operator planned. */
export function nameOf({ directory, planned }: PublicDesk): string {
  return directory?.now.name ?? (planned.name === '' ? 'Postern' : planned.name)
}

/** A word in a shell line that may hold anything. */
export function shellWord(text: string): string {
  return /^[\w.:/@%+,=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
