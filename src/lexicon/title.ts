const LONGEST = 120
/** So much of a line is looked at: the patterns below take the square of it. */
const START = 1000

/**
 * The title of a report: its first non-empty line, Markdown marks removed, at most 120 characters.
 * A text without any word gives `Untitled report`.
 */
export function titleOf(text: string): string {
  for (const line of text.split(/\r\n|\r|\n/)) {
    const plain = withoutMarks(startOf(line))
    if (plain !== '') return shorten(plain)
  }
  return 'Untitled report'
}

function startOf(line: string): string {
  return Array.from(line.slice(0, 2 * START))
    .slice(0, START)
    .join('')
}

function withoutMarks(line: string): string {
  return (
    line
      .replace(/^\s*(?:[>#]+\s*|[-*+]\s+|\d+[.)]\s+)+/, '')
      .replace(/^\s*(?:[-*_=]\s*){3,}$|^\s*(?:```|~~~).*$/, '')
      .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/(\*\*|~~)(?=\S)(.*?\S)\1/g, '$2')
      .replace(/([*`])(?=\S)(.*?\S)\1/g, '$2')
      // Underscores within a word are part of it: `snake_case_name`.
      .replace(/(?<![\p{L}\p{N}_])(__?)(?=[^\s_])(.*?[^\s_])\1(?![\p{L}\p{N}_])/gu, '$2')
      .replace(/\s+#+\s*$/, '')
      .replace(/\p{Cc}/gu, ' ')
      .replace(/\s+/g, ' ')
      .trim()
  )
}

/** Cuts between characters as people see them, so that no accent or emoji is torn apart. */
function shorten(text: string): string {
  if ([...text].length <= LONGEST) return text
  const segments = [...new Intl.Segmenter('en').segment(text)].map((part) => part.segment)
  let title = ''
  for (const segment of segments) {
    if ([...title].length + [...segment].length > LONGEST - 1) break
    title += segment
  }
  return `${title.trimEnd()}…`
}
