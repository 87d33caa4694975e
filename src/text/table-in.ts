/*
 * The tables of GitHub's Markdown, which people paste into reports: a row of names, a row of dashes, rows
 * of cells. The parser knows none and leaves a paragraph of pipes; this finds the table in that paragraph.
 */

/** The source of each cell. All rows are as long as the first. */
export type TableSource = {
  /** What stood in the same paragraph above the table; `""` mostly. */
  readonly before: string
  readonly rows: readonly (readonly string[])[]
}

/** More than anybody reads. A page that lays out a larger table stands still, so that one stays as it was typed. */
const MOST_COLUMNS = 40
const MOST_ROWS = 500

/** The table at the end of a paragraph's source; `undefined` where there is none, or one that is too large. */
export function tableIn(source: string): TableSource | undefined {
  // Most paragraphs end here.
  if (!source.includes('|') || !source.includes('-')) return undefined
  // What a quotation or a list puts before each of its lines is no part of them.
  const lines = source.split(/\r\n?|\n/).map((line) => line.replace(/^[\s>]+/, ''))
  const dashes = lines.findIndex((line, n) => n > 0 && isDashes(line))
  const [head, ...rest] = lines.slice(Math.max(0, dashes - 1))
  if (dashes < 1 || head === undefined || rest.length > MOST_ROWS) return undefined
  const names = cellsOf(head)
  const columns = names.length
  if (columns > MOST_COLUMNS || cellsOf(lines[dashes] ?? '').length !== columns) return undefined
  const rows = rest.slice(1).map((line) => fitted(cellsOf(line), columns))
  return { before: lines.slice(0, dashes - 1).join('\n'), rows: [names, ...rows] }
}

/** At least one bar: a line of dashes alone is something else. */
function isDashes(line: string): boolean {
  return line.includes('|') && cellsOf(line).every((cell) => /^:?-+:?$/.test(cell))
}

/** Cut at each bar that no backslash stands before, in code too. */
function cellsOf(line: string): readonly string[] {
  const cells = ['']
  // A pair that a backslash begins, a bar, or what is neither.
  for (const [part] of line.matchAll(/\\[^]|\||[^\\|]+|\\$/g)) {
    if (part === '|') cells.push('')
    else cells.push(`${cells.pop() ?? ''}${part === '\\|' ? '|' : part}`)
  }
  const trimmed = cells.map((cell) => cell.trim())
  // The bars at both ends only frame the row.
  const begins = line.startsWith('|') ? 1 : 0
  const ends = trimmed.length > 1 && trimmed.at(-1) === '' ? -1 : undefined
  return trimmed.slice(begins, ends)
}

/** Cells that a row has too many stay, in its last one: nothing that was written is lost. */
function fitted(cells: readonly string[], columns: number): readonly string[] {
  const last = columns - 1
  return Array.from({ length: columns }, (_, n) =>
    n < last ? (cells[n] ?? '') : cells.slice(last).join(' | '),
  )
}
