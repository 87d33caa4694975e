import type { Rendered } from '../render-markdown.ts'
import type { Released } from '../tree.ts'
import { type Listed, type ListPlan, sortKey } from './listed-pages.ts'
import { html, type Markup } from './markup.ts'
import { dateWords } from './tree-page.ts'

export function guidesPlan(count: number): ListPlan {
  return {
    at: '/guides/',
    title: 'Guides',
    lead:
      count === 0
        ? html`None is released yet.`
        : html`For whoever reports a problem, maintains a project, or coordinates.`,
    says: 'Guides for reporters, maintainers and coordinators.',
    above: html``,
    kind: 'guides',
    columns: ['Guide', 'What is in it', 'Released'],
  }
}

export function guideRow(at: string, { title, summary }: Rendered, document: Released): Listed {
  const row = html`<tr>
    <th scope="row"><a href="${at}">${title}</a></th>
    <td>${summary}</td>
    <td>${dateWords(document.at)}</td>
  </tr>`
  return { sort: sortKey(title, at), row: row.text }
}

export function guideCrumbs(title: string): Markup {
  return title === ''
    ? html``
    : html`<p class="crumbs"><a href="/guides/">Guides</a> / ${title}</p>`
}
