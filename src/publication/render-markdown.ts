import { micromark } from 'micromark'
import { markdownFault } from './markdown-bounds.ts'
import { Markup, visibleSigns } from './pages/markup.ts'
import { PublicationError } from './publication-error.ts'

/** A Markdown document as a page shows it. */
export type Rendered = {
  /** Its first heading, else `''`. */
  readonly title: string
  /** Its first paragraph in plain words, for those who only see a link to it. */
  readonly summary: string
  readonly body: Markup
  /** The headings below the title, by their anchors. */
  readonly parts: readonly { readonly id: string; readonly text: string }[]
}

/**
 * CommonMark without HTML and without pictures: what looks like a tag is text, and a link leads to the web, a
 * mailbox or a place in this tree. Throws for what would keep the renderer busy: `markdownFault` says why.
 */
export function renderMarkdown(source: string): Rendered {
  const fault = markdownFault(source)
  if (fault !== undefined) throw new PublicationError('document', fault)
  const text = visibleSigns(source.replaceAll('\r\n', '\n'))
  const [whole = '', heading = ''] = /^\s*# +([^\n]+?) *#*(?:\n|$)/.exec(text) ?? []
  const raw = rendered(text.slice(whole.length))
  const parts: { id: string; text: string }[] = []
  const used = new Set<string>()
  const body = raw
    // The page has one title. What is in these tags was written by the renderer: the author’s are text.
    .replaceAll(/<(\/?)h1>/g, '<$1h2>')
    .replaceAll(/<a href="([^"]*)"/g, (link, href: string) => (isSafe(href) ? link : '<a'))
    .replaceAll(/<h2>(.*?)<\/h2>/gs, (_, inner: string) => {
      const said = plainOf(inner)
      const id = anchorFor(said, used)
      parts.push({ id, text: said })
      return `<h2 id="${id}">${inner}</h2>`
    })
  const first = /<p>(.*?)<\/p>/s.exec(raw)?.[1] ?? ''
  return {
    title: plainOf(inline(heading)),
    summary: shortened(plainOf(first)),
    body: new Markup(body),
    parts,
  }
}

/** A picture would be fetched from elsewhere; raw HTML is off already, this keeps it from swallowing lines. */
export const OFF = ['labelStartImage', 'htmlFlow', 'htmlText']

function inline(text: string): string {
  return rendered(text).replaceAll(/^<p>|<\/p>$/g, '')
}

/** A reference, as `&#x202E;`, is a sign only after rendering. */
function rendered(text: string): string {
  return visibleSigns(micromark(text, { extensions: [{ disable: { null: OFF } }] }))
}

/** https, a mailbox, a fingerprint’s anchor, or a place of this tree. */
function isSafe(href: string): boolean {
  if (/^(?:https:\/\/|mailto:)/i.test(href)) return true
  return /^(?:\/(?!\/)|#)/.test(href)
}

function plainOf(markup: string): string {
  return markup
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/&(lt|gt|quot|amp);/g, (_, name: string) => SIGNS[name] ?? '')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

const SIGNS: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', amp: '&' }

function anchorFor(text: string, used: Set<string>): string {
  const plain = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60)
  const base = /^[a-z]/.test(plain) ? plain : `part-${plain}`
  let id = base
  for (let n = 2; used.has(id); n++) id = `${base}-${n}`
  used.add(id)
  return id
}

const LONGEST_SUMMARY = 200

function shortened(text: string): string {
  if (text.length <= LONGEST_SUMMARY) return text
  return `${text.slice(0, LONGEST_SUMMARY).replace(/\s+\S*$/, '')} …`
}
