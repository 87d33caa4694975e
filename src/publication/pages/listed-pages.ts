import type { Bytes } from '#lexicon'
import type { TreeMemory } from '../tree.ts'
import { html, Markup } from './markup.ts'
import { type Face, treePage } from './tree-page.ts'

/** One line of a long list. `sort` decides the letter and the place. */
export type Listed = { readonly sort: string; readonly row: string }

export type ListPlan = {
  /** Where the list begins, as `/directory/`. */
  readonly at: string
  readonly title: string
  readonly lead: Markup
  readonly says: string
  /** What stands between the lead and the list. */
  readonly above: Markup
  /** The class of its table, by which the sheet names the cells on a narrow screen. */
  readonly kind: 'projects' | 'guides'
  readonly columns: readonly string[]
}

/** Of one page’s rows, in letters of markup: with its frame it stays under 50 kB. */
const MOST = 44_000
const NOTHING = new Uint8Array()

/**
 * A list that stays usable without a script, however long: one page while it is short, else one for each letter,
 * and more where a letter is long. Only pages whose rows changed are made anew.
 */
export function* listedPages(
  face: Face,
  memory: TreeMemory,
  plan: ListPlan,
  rows: readonly Listed[],
): Generator<readonly [path: string, bytes: Bytes]> {
  const sorted = rows.toSorted((a, b) => (a.sort < b.sort ? -1 : Number(a.sort > b.sort)))
  const all = sorted.map(({ row }) => row).join('')
  if (all.length <= MOST) {
    yield* page(face, memory, plan, plan.at, html`${tableOf(plan, all)}`, all)
    return
  }
  const letters = Map.groupBy(sorted, ({ sort }) => letterOf(sort))
  const links = [...letters].map(([letter, of]) => ({ letter, count: of.length }))
  const key = JSON.stringify(links)
  yield* page(face, memory, plan, plan.at, letterList(plan, links), key)
  for (const [letter, of] of letters) {
    const pages = cut(of.map(({ row }) => row))
    for (const [n, each] of pages.entries()) {
      const at = placeOf(plan, letter, n)
      const body = html`${letterNav(plan, links, letter)} ${pageNav(plan, letter, pages.length, n)}
      ${tableOf(plan, each)} ${pageNav(plan, letter, pages.length, n)}`
      yield* page(face, memory, plan, at, body, `${key} ${pages.length} ${each}`, letter)
    }
  }
}

/** What a list is sorted by: the same on every machine, whatever its language. */
export function sortKey(name: string, id: string): string {
  return `${name.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()}\u{0}${id}`
}

function* page(
  face: Face,
  memory: TreeMemory,
  plan: ListPlan,
  at: string,
  body: Markup,
  key: string,
  letter = '',
): Generator<readonly [path: string, bytes: Bytes]> {
  const path = `${at.slice(1)}index.html`
  const title = letter === '' ? plan.title : `${plan.title}, ${nameOf(letter)}`
  const make = () =>
    treePage(face, {
      at,
      title,
      says: plan.says,
      main: html`<header>
          <h1>${title}</h1>
          <p class="lead">${plan.lead}</p>
        </header>
        ${plan.above} ${body}`,
    })
  yield [path, memory.of('list', path, NOTHING, [plan.above.text, plan.lead.text, key], make)]
}

function cut(rows: readonly string[]): string[] {
  const pages: string[] = []
  let last = ''
  for (const row of rows) {
    if (last !== '' && last.length + row.length > MOST) {
      pages.push(last)
      last = ''
    }
    last += row
  }
  pages.push(last)
  return pages
}

function tableOf({ columns, kind }: ListPlan, rows: string): Markup {
  return html`<div class="table-wrap">
    <table class="dir fold ${kind}">
      <thead>
        <tr>
          ${columns.map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${new Markup(rows)}
      </tbody>
    </table>
  </div>`
}

type LetterLink = { readonly letter: string; readonly count: number }

function letterList(plan: ListPlan, links: readonly LetterLink[]): Markup {
  return html`<nav aria-label="By letter">
    <ul class="letters wide">
      ${links.map(
        ({ letter, count }) =>
          html`<li>
            <a href="${placeOf(plan, letter, 0)}"><b>${nameOf(letter)}</b> ${String(count)}</a>
          </li>`,
      )}
    </ul>
  </nav>`
}

function letterNav(plan: ListPlan, links: readonly LetterLink[], here: string): Markup {
  return html`<nav aria-label="By letter">
    <ul class="letters">
      ${links.map(({ letter }) =>
        letter === here
          ? html`<li>
              <a href="${placeOf(plan, letter, 0)}" aria-current="true">${nameOf(letter)}</a>
            </li>`
          : html`<li><a href="${placeOf(plan, letter, 0)}">${nameOf(letter)}</a></li>`,
      )}
    </ul>
  </nav>`
}

function pageNav(plan: ListPlan, letter: string, pages: number, here: number): Markup {
  if (pages === 1) return html``
  const next = here + 1 < pages ? html`<a href="${placeOf(plan, letter, here + 1)}">Next</a>` : ''
  const last = here > 0 ? html`<a href="${placeOf(plan, letter, here - 1)}">Back</a>` : ''
  return html`<p class="line muted">
    ${last} <span>Page ${String(here + 1)} of ${String(pages)}</span> ${next}
  </p>`
}

function placeOf({ at }: ListPlan, letter: string, n: number): string {
  return `${at}by-letter/${letter}/${n === 0 ? '' : `${n + 1}/`}`
}

function letterOf(sort: string): string {
  const [first = ''] = sort
  return /[a-z]/.test(first) ? first : 'other'
}

function nameOf(letter: string): string {
  return letter === 'other' ? '0–9 and others' : letter.toUpperCase()
}
