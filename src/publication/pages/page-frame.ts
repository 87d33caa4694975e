import { html, type Markup } from './markup.ts'

export type NavLink = { readonly href: string; readonly text: string; readonly here?: boolean }

export type PageFrame = {
  readonly title: string
  readonly brand: string
  /** The links to sheet and icon, and whatever else stands in the head. */
  readonly head: Markup
  readonly nav: readonly NavLink[]
  readonly main: Markup
  readonly foot: Markup
}

/**
 * One page without scripts: head, mark, content, foot, in the look of the pages with scripts (frame-public.tsx).
 * All that is put in is escaped by `html`, but for what is `Markup` already.
 */
export function pageFrame({ title, brand, head, nav, main, foot }: PageFrame): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        ${head}
      </head>
      <body class="public">
        <a class="skip" href="#main">Skip to content</a>
        <header class="masthead">
          <div>
            <a class="brand" href="/">
              ${mark()}
              <span>${brand}</span>
            </a>
            <nav aria-label="Main">${nav.map(navLink)}</nav>
          </div>
        </header>
        <main id="main"><div class="page">${main}</div></main>
        <footer class="foot"><div>${foot}</div></footer>
      </body>
    </html>`
  return `${page.text}\n`
}

/** A function, and no constant: scripts for browsers leave it out. */
function mark(): Markup {
  return html`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
    <path fill-rule="evenodd" d="M2 22V3h5v3h2.5V3h5v3H17V3h5v19zM12.5 22h6v-6.2a3 3 0 0 0-6 0z" />
  </svg>`
}

function navLink({ href, text, here }: NavLink): Markup {
  return here === true
    ? html`<a href="${href}" aria-current="page">${text}</a>`
    : html`<a href="${href}">${text}</a>`
}

/** A word in a shell line that may hold anything. */
export function shellWord(text: string): string {
  return /^[\w.:/@%+,=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
