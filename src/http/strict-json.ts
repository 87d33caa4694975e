import { textOfBytes } from '#lexicon'
import { HttpError } from './http-error.ts'

/** Deeper than any request of ours. */
const DEEPEST = 16
/** Names that could reach a prototype in careless code (R26). */
const POISON = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * JSON in UTF-8, one meaning only: no doubled names, on which two parsers differ, and none that
 * touches a prototype. Throws `HttpError` malformed.
 */
export function parseStrictJson(bytes: Uint8Array): unknown {
  try {
    const text = textOfBytes(bytes)
    const value: unknown = JSON.parse(text)
    demandPlainNames(text)
    return value
  } catch (cause) {
    throw new HttpError('malformed', { cause })
  }
}

/** Walks text that is known to be JSON: only strings and brackets matter. */
function demandPlainNames(text: string): void {
  const open: (Set<string> | undefined)[] = []
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]
    if (letter === '"') {
      const end = endOfString(text, at)
      const names = open.at(-1)
      if (names !== undefined && isName(text, end)) addName(names, text.slice(at, end))
      at = end - 1
    } else if (letter === '{') open.push(new Set())
    else if (letter === '[') open.push(undefined)
    else if (letter === '}' || letter === ']') open.pop()
    if (open.length > DEEPEST) throw new RangeError('nested too deeply')
  }
}

function addName(names: Set<string>, quoted: string): void {
  const name = String(JSON.parse(quoted))
  if (names.has(name) || POISON.has(name)) throw new RangeError('a name that must not be here')
  names.add(name)
}

/** The place after the closing quote. */
function endOfString(text: string, start: number): number {
  let at = start
  for (;;) {
    at = text.indexOf('"', at + 1)
    let slashes = 0
    while (text[at - 1 - slashes] === '\\') slashes++
    if (slashes % 2 === 0) return at + 1
  }
}

function isName(text: string, after: number): boolean {
  let at = after
  while (/[ \t\r\n]/.test(text[at] ?? '')) at++
  return text[at] === ':'
}
