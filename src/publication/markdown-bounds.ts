import { LIMITS } from '#lexicon'

/*
 * How long a renderer of Markdown works grows with the square of a few things: marks in one paragraph, containers
 * in containers, blocks. Each is bounded before it runs, in one pass and by the text alone: a limit of time would
 * take the same document today and refuse it tomorrow.
 */

const MOST_LINES = 2000
/** What may open or close something, in one block. A list of hundreds of names with emphasis has fewer. */
const MOST_MARKS = 600
const DEEPEST = 8
const MOST_CONTAINERS = 2000
const WIDEST_INDENT = 32

/** Why a text is not rendered, in a sentence; undefined where it may be. */
export function markdownFault(source: string): string | undefined {
  if (source.length > LIMITS.markdown) return 'It is longer than 64 KiB: make several of it.'
  const lines = source.split(/\r\n|[\n\r]/)
  if (lines.length > MOST_LINES) return `It has more than ${MOST_LINES} lines: make several of it.`
  let marks = 0
  let containers = 0
  for (const [at, line] of lines.entries()) {
    const where = `Line ${at + 1}`
    if (line.trim() === '') marks = 0
    else marks += marksIn(line)
    if (marks > MOST_MARKS)
      return `${where}: more than ${MOST_MARKS} marks stand in one paragraph. Put an empty line between.`
    const [opening = ''] = OPENING.exec(line) ?? []
    const depth = opening.replaceAll(/\s|\d/g, '').length
    containers += depth
    if (containers > MOST_CONTAINERS)
      return `It has more than ${MOST_CONTAINERS} quotes and points of lists: make several of it.`
    if (depth > DEEPEST)
      return `${where}: quotes and lists stand more than ${DEEPEST} deep in each other.`
    const [indent = ''] = /^[ \t]*/.exec(line) ?? []
    if (indent.replaceAll('\t', '    ').length > WIDEST_INDENT)
      return `${where}: it is indented by more than ${WIDEST_INDENT} spaces.`
  }
  return undefined
}

/** Containers that one line opens. */
const OPENING = /^(?:[ \t]*(?:>|[-+*](?=[ \t]|$)|\d{1,9}[.)](?=[ \t]|$)))+/

/** A run of one sign is one mark. */
function marksIn(line: string): number {
  let marks = 0
  let last = ''
  for (const sign of line) {
    if (MARKS.has(sign) && (sign !== last || ALONE.has(sign))) marks++
    last = sign
  }
  return marks
}

const MARKS: ReadonlySet<string> = new Set('*_`[]()<>&\\!')
const ALONE: ReadonlySet<string> = new Set('[]()<>&\\!')
