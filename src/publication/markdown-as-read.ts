import { micromark } from 'micromark'
import { markdownFault } from './markdown-bounds.ts'
import { PublicationError } from './publication-error.ts'
import { OFF } from './render-markdown.ts'

/**
 * What readers of a page get of a Markdown document, as plain text: escapes and references are undone, marks of
 * emphasis are gone, and where links lead and what they are called stands below. What must not be published is
 * looked for in this as well: `a\@b`, `&#64;` and `%40` are one sign to whoever reads the page. Throws as
 * `renderMarkdown` does.
 */
export function markdownAsRead(source: string): string {
  const fault = markdownFault(source)
  if (fault !== undefined) throw new PublicationError('document', fault)
  const markup = micromark(source, { extensions: [{ disable: { null: OFF } }] })
  const attributes: string[] = []
  // Every `<` of the author is `&lt;` here.
  const text = markup.replaceAll(/<[^>]*>/g, (tag) => {
    for (const [, value = ''] of tag.matchAll(/="([^"]*)"/g)) attributes.push(value)
    return ''
  })
  const links = attributes.map(plainOf).flatMap((each) => [each, unescaped(each)])
  return [plainOf(text), ...links].join('\n')
}

function plainOf(markup: string): string {
  return markup.replaceAll(/&(lt|gt|quot|amp);/g, (_, name: string) => SIGNS[name] ?? '')
}

const SIGNS: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', amp: '&' }

/** Percent signs of an address undone. Bytes that are no UTF-8 stay as they are. */
function unescaped(href: string): string {
  return href.replaceAll(/(?:%[0-9a-f]{2})+/gi, (some) => {
    try {
      return decodeURIComponent(some)
    } catch {
      return some.replaceAll(/%[0-7][0-9a-f]/gi, decodeURIComponent)
    }
  })
}
