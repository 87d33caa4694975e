import { bytesOfText, type Bytes } from '#lexicon'
import type { Look, Site } from '../tree.ts'
import { html, type Markup } from './markup.ts'
import { pageFrame } from './page-frame.ts'

/** What every page of the tree is given. */
export type Face = { readonly site: Site; readonly sheet: Markup; readonly foot: Markup }

export type TreePage = {
  /** Where it lies, as `/directory/`. */
  readonly at: string
  readonly title: string
  /** One sentence, for those who see only a link to it. */
  readonly says: string
  readonly main: Markup
}

/** The parts of the tree that a reader is led to from every page. */
export const PARTS = [
  ['/security/', 'Security'],
  ['/directory/', 'Projects'],
  ['/guides/', 'Guides'],
] as const

/** `securityTxt`: it is released, so there is something to link to. */
export function faceOf(site: Site, look: Look, securityTxt: boolean): Face {
  const sheet = [...look.keys()].filter((path) => path.endsWith('.css')).toSorted()[0]
  const icon = look.has('mark.svg') ? html`<link rel="icon" href="/mark.svg" />` : html``
  return {
    site,
    sheet: sheet === undefined ? icon : html`${icon}<link rel="stylesheet" href="/${sheet}" />`,
    foot: html`<span
        >Text <a rel="license" href="/licence/">CC BY 4.0</a>, code
        <a href="https://spdx.org/licenses/BSD-3-Clause.html">BSD-3-Clause</a></span
      >
      ${securityTxt ? html`<a href="/security.txt">security.txt</a>` : ''}
      <a href="/about/">About</a>
      <a href="/policies/access/">Who may do what</a>
      <a href="/feed.xml">Feed</a>
      <span>No scripts, no cookies.</span>`,
  }
}

/** One page of the tree, as bytes: complete without a script, printable, and licensed in words and in data. */
export function treePage({ site, sheet, foot }: Face, page: TreePage): Bytes {
  const brand = `${site.name} Security`
  const url = `${site.url}${page.at}`
  const head = html`<meta name="description" content="${page.says}" />
    <link rel="canonical" href="${url}" />
    <link rel="license" href="https://creativecommons.org/licenses/by/4.0/" />
    <link rel="alternate" type="application/atom+xml" title="${brand}" href="/feed.xml" />
    <meta property="og:type" content="website" />
    <meta property="og:site_name" content="${brand}" />
    <meta property="og:title" content="${page.title}" />
    <meta property="og:description" content="${page.says}" />
    <meta property="og:url" content="${url}" />
    ${sheet}`
  const nav = [
    { href: `${site.url}/report`, text: 'Report' },
    ...PARTS.map(([href, text]) => ({ href, text, here: page.at.startsWith(href) })),
    { href: `${site.url}/follow`, text: 'Follow a report' },
  ]
  const title = `${page.title} · ${brand}`
  return bytesOfText(pageFrame({ title, brand, head, nav, main: page.main, foot }))
}

/** `2026-11-18` or a moment as people read it, with the exact one behind. */
export function dateWords(time: string): Markup {
  const [, year = '', month = '', day = ''] = /^(\d{4})-(\d\d)-(\d\d)/.exec(time) ?? []
  if (year === '') return html`${time}`
  return html`<time datetime="${time}"
    >${String(Number(day))} ${MONTHS[Number(month) - 1] ?? month} ${year}</time
  >`
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** A link where the address is one of the web or a mailbox; else its words alone. */
export function linkTo(address: string, words = address): Markup {
  if (/^https?:\/\//.test(address) && URL.canParse(address))
    return html`<a href="${new URL(address).href}" rel="nofollow">${words}</a>`
  if (isMailbox(address)) return html`<a href="mailto:${address}">${words}</a>`
  return html`${words}`
}

export function isMailbox(text: string): boolean {
  return /^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+$/.test(text)
}

/** Where something was read, in words: `numpy/numpy, README.md, line 29 (1f90bbb)` of a file at GitHub. */
export function sourceWords(address: string): string {
  const file = /^https:\/\/github\.com\/([^/]+\/[^/]+)\/blob\/([^/]+)\/([^#]+)(?:#L(\d+))?/.exec(
    address,
  )
  if (file === null) return shortAddress(address)
  const [, repository = '', version = '', path = '', at] = file
  return `${repository}, ${path}${at === undefined ? '' : `, line ${at}`} (${version.slice(0, 7)})`
}

/** `numpy/numpy` of a repository, the host of a page: short words for a long address. */
export function shortAddress(address: string): string {
  return address.replace(/^https?:\/\/(?:github\.com\/)?/, '').replace(/\/$/, '')
}
