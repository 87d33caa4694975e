/*
 * [Note: HTML is never shown]
 * Of a mail that has nothing but HTML the words are kept and everything else goes: what a style would hide
 * stands there like the rest (K16), and nothing is loaded. One pass, no tree, no pattern that goes back.
 */

/** What is between these is no text of a person. A title is: some mails have nothing else. */
const SILENT = new Set(['script', 'style'])
const BREAKS = new Set(
  'address article blockquote br div dd title dl dt footer form h1 h2 h3 h4 h5 h6 header hr li ol p pre section table tr ul'.split(
    ' ',
  ),
)
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  apos: "'",
  gt: '>',
  lt: '<',
  nbsp: ' ',
  quot: '"',
}

/** The words of some HTML. Addresses of links are kept behind their words: they are what a report speaks of. */
export function textOfHtml(html: string): string {
  const out: string[] = []
  const lastClosed = closingsIn(html)
  let silent = ''
  let href = ''
  let at = 0
  while (at < html.length) {
    const open = html.indexOf('<', at)
    const upTo = open < 0 ? html.length : open
    if (silent === '') out.push(spaced(html.slice(at, upTo)))
    if (open < 0) break
    if (html.startsWith('<!--', open)) {
      at = after(html, '-->', open)
      continue
    }
    // A bracket that begins no tag is a bracket.
    if (!/[a-z/!?]/i.test(html[open + 1] ?? '')) {
      if (silent === '') out.push('<')
      at = open + 1
      continue
    }
    const end = endOfTag(html, open)
    const tag = html.slice(open + 1, end)
    at = end + 1
    const name = /^\/?([a-z][a-z0-9]*)/i.exec(tag)?.[1]?.toLowerCase() ?? ''
    const closes = tag.startsWith('/')
    if (silent !== '') {
      if (closes && name === silent) silent = ''
      continue
    }
    // What is never closed would hide the rest.
    if (!closes && SILENT.has(name) && (lastClosed.get(name) ?? -1) >= at) silent = name
    else if (BREAKS.has(name)) out.push('\n')
    else if (name === 'td' || name === 'th') out.push('\t')
    else if (name === 'a') {
      if (closes && href !== '') out.push(` <${href}>`)
      href = closes ? '' : hrefIn(tag)
    }
  }
  return tidied(out.join(''))
}

/** Where each tag that ends something stands for the last time. */
function closingsIn(html: string): ReadonlyMap<string, number> {
  const last = new Map<string, number>()
  for (const { 1: name = '', index } of html.matchAll(/<\/([a-z][a-z0-9]{0,9})/gi))
    last.set(name.toLowerCase(), index)
  return last
}

function after(text: string, sign: string, from: number): number {
  const at = text.indexOf(sign, from)
  return at < 0 ? text.length : at + sign.length
}

/** A `>` within quotes ends no tag; a tag that never ends is the rest. */
function endOfTag(html: string, open: number): number {
  let quote = ''
  for (let at = open + 1; at < html.length && at < open + LONGEST_TAG; at++) {
    const sign = html[at] ?? ''
    if (quote !== '') quote = sign === quote ? '' : quote
    else if (sign === '"' || sign === "'") quote = sign
    else if (sign === '>') return at
  }
  const plain = html.indexOf('>', open)
  return plain < 0 ? html.length : plain
}

/** A quote that is never closed must not make every tag look through the rest of the mail. */
const LONGEST_TAG = 2048

function hrefIn(tag: string): string {
  const found = /\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/i.exec(tag)
  const href = unescaped(found?.[1] ?? found?.[2] ?? found?.[3] ?? '')
  return /^(?:https?:|mailto:)/i.test(href) ? href : ''
}

function spaced(text: string): string {
  return unescaped(text.replace(/[ \t\r\n]+/g, ' '))
}

function unescaped(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|([a-z]{2,6}));/gi,
    (typed, hex, dec, name) => {
      if (typeof name === 'string') return NAMED[name.toLowerCase()] ?? typed
      const code = typeof hex === 'string' ? parseInt(hex, 16) : Number(dec)
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : typed
    },
  )
}

function tidied(text: string): string {
  return text
    .split('\n')
    .map((line) => line.replace(/ {2,}/g, ' ').trim())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}
