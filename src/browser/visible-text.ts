import { HIDDEN_SIGNS } from '#lexicon'

/*
 * R46: characters that change how other characters look, or look like nothing, are shown by their number.
 * A file `gpj.exe` written backwards, or a handle with a hidden space, must not read as another.
 */

/** Controls, bidi controls, zero-width and other characters without a shape; halves and private ones. */
const HIDDEN = new RegExp(`[${HIDDEN_SIGNS}]`, 'gu')

/** Text of several lines: line ends and tabs stay. */
export function visibleText(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(HIDDEN, (sign, at: number, whole: string) =>
      isKept(sign, at, whole) ? sign : named(sign),
    )
}

/** One line: names of files and people. */
export function visibleLine(text: string): string {
  return text.replace(HIDDEN, (sign, at: number, whole: string) =>
    sign !== '\n' && sign !== '\t' && isKept(sign, at, whole) ? sign : named(sign),
  )
}

function isKept(sign: string, at: number, whole: string): boolean {
  if (sign === '\n' || sign === '\t') return true
  // An emoji of several parts holds them together with a joiner or a selector; elsewhere neither has a use.
  if (sign === '\ufe0f' || sign === '\u200d')
    return /\p{Extended_Pictographic}[\u{1f3fb}-\u{1f3ff}]?\ufe0f?$/u.test(
      whole.slice(Math.max(0, at - 6), at),
    )
  return false
}

function named(sign: string): string {
  return `[U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`
}
