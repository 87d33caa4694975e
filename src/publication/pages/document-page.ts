import type { Bytes } from '#lexicon'
import type { Rendered } from '../render-markdown.ts'
import type { Released } from '../tree.ts'
import { html, type Markup } from './markup.ts'
import { dateWords, type Face, treePage } from './tree-page.ts'

/** A Markdown document as a page of its own, with its date and its licence. */
export function documentPage(
  face: Face,
  at: string,
  document: Released,
  { title, summary, body, parts }: Rendered,
  crumbs: Markup,
): Bytes {
  const main = html`<header>
      ${crumbs}
      <h1>${title}</h1>
    </header>
    <div class="cols">
      <div class="prose markdown">${body}</div>
      <aside>${contents(parts)} ${whence(document)}</aside>
    </div>`
  return treePage(face, { at, title, says: summary === '' ? title : summary, main })
}

/** The headings of a page, to jump to. */
export function contents(parts: Rendered['parts']): Markup {
  if (parts.length < 2) return html``
  return html`<nav aria-label="On this page">
    <h2>On this page</h2>
    <ul class="toc">
      ${parts.map(({ id, text }) => html`<li><a href="#${id}">${text}</a></li>`)}
    </ul>
  </nav>`
}

const NAMES: Readonly<Record<string, readonly [name: string, url: string]>> = {
  'CC-BY-4.0': ['CC BY 4.0', 'https://creativecommons.org/licenses/by/4.0/'],
  'CC0-1.0': ['CC0 1.0', 'https://creativecommons.org/publicdomain/zero/1.0/'],
  'BSD-3-Clause': ['BSD-3-Clause', 'https://spdx.org/licenses/BSD-3-Clause.html'],
}

/** Since when a document counts, who proves it, under which licence. */
export function whence({ path, at, licence, release }: Released): Markup {
  const [name, url] = NAMES[licence] ?? [licence, '/licence/']
  return html`<section>
    <h2>This text</h2>
    <p class="muted">
      Released ${dateWords(at)}, <a href="${url}">${name}</a>. Its <a href="/${path}">source</a> is
      signed in statement <span class="fpr">${release.slice(0, 16)}</span> of
      <a href="/chain/desk.json">the desk’s chain</a>.
    </p>
  </section>`
}
