/*
 * The parser takes the square of some texts, and a stranger writes them: six thousand lines of `* * *` hold
 * the page for twenty seconds. A text beyond any of these bounds is shown as it was typed.
 */
const MOST = { letters: 48 * 1024, lines: 2000, marks: 3000, nestedLines: 150, run: 200 } as const

const MARK = /[*_[\]<>&`!|~]/g
/** Three and more quotes or lists that open in one line. */
const NESTED =
  /^(?:[ \t]*(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t]))){3}|^ {24}[ \t]*(?:[-+*>]|\d{1,9}[.)])/gm
const RUN = new RegExp(`([*_[\\]<>\`!~])(?:[ \\t]?\\1){${String(MOST.run)}}`)

export function isTooMuch(text: string): boolean {
  if (text.length > MOST.letters) return true
  return (
    count(text, /\r\n?|\n/g) > MOST.lines ||
    count(text, MARK) > MOST.marks ||
    count(text, NESTED) > MOST.nestedLines ||
    RUN.test(text) ||
    opensDeep(text)
  )
}

/** One line that opens dozens of quotes or lists within each other. */
function opensDeep(text: string): boolean {
  return /^(?:[ \t]*(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t]))){30}/m.test(text)
}

function count(text: string, pattern: RegExp): number {
  let found = 0
  for (const _ of text.matchAll(pattern)) found += 1
  return found
}
