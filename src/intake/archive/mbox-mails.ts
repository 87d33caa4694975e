import type { Bytes } from '#lexicon'
import { growingBytes } from '../mail/growing-bytes.ts'

/** A mail of an archive, or that one was larger than what is taken. */
export type ArchivedMail = { readonly raw: Bytes } | 'too-large'

const LF = 0x0a
/** More of a line than anybody needs to see what kind it is. */
const LINE = 4096

/**
 * The mails of an mbox (RFC 4155), one at a time, whatever its size. A line that begins with `From ` and
 * holds a time and a year, at the beginning or behind an empty line, stands before each. One `>` is taken
 * from lines like `>From `, which is how it was put there (mboxrd), and so is the empty line at the end of
 * each mail. Nothing else changes, neither line ends nor bytes that are no text.
 */
export async function* mboxMails(
  chunks: AsyncIterable<Uint8Array>,
  most: number,
): AsyncGenerator<ArchivedMail> {
  let mail = openMail(most)
  for await (const { bytes, whole, begins } of linesOf(chunks)) {
    if (begins && mail.behindEmpty() && isSeparator(bytes)) {
      const done = mail.done()
      if (done !== undefined) yield done
      mail = openMail(most, true)
    } else mail.add(begins && isQuoted(bytes) ? bytes.subarray(1) : bytes, begins, whole)
  }
  const done = mail.done()
  if (done !== undefined) yield done
}

/** Does this file begin as an mbox does? */
export function isMbox(start: Uint8Array): boolean {
  const feed = start.indexOf(LF)
  return isSeparator(feed < 0 ? start : start.subarray(0, feed + 1))
}

type Line = {
  readonly bytes: Uint8Array
  readonly begins: boolean
  /** It ends with its line feed. */
  readonly whole: boolean
}

/** Lines with their ends; a long one in parts. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let held: Uint8Array = new Uint8Array(0)
  let begins = true
  for await (const chunk of chunks) {
    const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk])
    let at = 0
    for (let feed = bytes.indexOf(LF); feed >= 0; feed = bytes.indexOf(LF, at)) {
      yield { bytes: bytes.subarray(at, feed + 1), begins, whole: true }
      at = feed + 1
      begins = true
    }
    held = bytes.subarray(at)
    if (held.length < LINE) continue
    yield { bytes: held, begins, whole: false }
    begins = false
    held = new Uint8Array(0)
  }
  if (held.length > 0) yield { bytes: held, begins, whole: false }
}

/** The mail that comes just now. Before the first separator there is none but what stands there. */
function openMail(most: number, separated = false) {
  const came = growingBytes(most)
  let size = 0
  let tooLarge = false
  let any = separated
  // An empty line is held back: before a separator it is not the mail's.
  let empty: Uint8Array | undefined
  const put = (bytes: Uint8Array): void => {
    size += bytes.length
    tooLarge ||= size > most
    if (!tooLarge) came.add(bytes)
  }
  return {
    /** At the beginning of the file, or behind an empty line. */
    behindEmpty: () => empty !== undefined || !any,
    add: (bytes: Uint8Array, begins: boolean, whole: boolean): void => {
      any = true
      if (empty !== undefined) put(empty)
      empty = undefined
      if (begins && whole && isEmpty(bytes)) empty = Uint8Array.from(bytes)
      else put(bytes)
    },
    done: (): ArchivedMail | undefined => {
      if (tooLarge) return 'too-large'
      return size === 0 ? undefined : { raw: came.whole() }
    },
  }
}

function isEmpty(line: Uint8Array): boolean {
  return line.length === 1 || (line.length === 2 && line[0] === 0x0d)
}

const FROM = Buffer.from('From ')

function isSeparator(line: Uint8Array): boolean {
  if (!startsWith(line, FROM, 0)) return false
  const text = Buffer.from(line.subarray(0, LINE)).toString('latin1')
  return /^From .*\d:\d\d\b.*\b\d{4}\b/.test(text)
}

function isQuoted(line: Uint8Array): boolean {
  let at = 0
  while (line[at] === 0x3e) at++
  return at > 0 && startsWith(line, FROM, at)
}

function startsWith(line: Uint8Array, words: Uint8Array, at: number): boolean {
  return words.every((byte, n) => line[at + n] === byte)
}
