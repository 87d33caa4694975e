import { type Bytes, bytesOfText, LIMITS, textOfBytes } from '#lexicon'
import { canonicalText, type Json, parseCanonical } from './canonical.ts'
import { emptyOr, exactly, type Form, line, listOf, matching, text } from './form.ts'
import { demand, Refused } from './refused.ts'

/** An attachment as the sealed body lists it. `name` and `type` are claims: saved, never rendered (R07). */
export type FileEntry = {
  readonly blob: string
  /** 32 random bytes, hex: only who reads the body can list or open the file (N12). */
  readonly nonce: string
  readonly name: string
  readonly type: string
  readonly size: number
  /** SHA-256 of the content, hex: what the author says was attached. */
  readonly sha256: string
}

/** The text of a message. `title` is `""` where there is none. */
export type Body = {
  readonly text: string
  readonly title: string
  readonly files: readonly FileEntry[]
}

const LONGEST_TITLE = 120

const hash = matching(/^[0-9a-f]{64}$/)
const size: Form<number> = (value): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

/** Counted as people count, not in UTF-16 units: a title in emoji or in a rare script is as long. */
const title: Form<string> = (value): value is string =>
  line(1, 2 * LONGEST_TITLE)(value) && [...value].length <= LONGEST_TITLE

const fileEntry = exactly({
  blob: hash,
  nonce: hash,
  name: line(1, 255),
  type: line(0, 127),
  size,
  sha256: hash,
})
const bodyForm = exactly({
  text: text(0, LIMITS.text),
  title: emptyOr(title),
  files: listOf(fileEntry),
})

/** The payload of a body: one canonical line, LF. */
export function writeBody(body: Body): Bytes {
  const { files, text: words, title } = body
  const json: Json = { files: files.map((file) => ({ ...file })), text: words, title }
  if (!bodyForm(json)) throw new RangeError('This message has a field of the wrong form.')
  return bytesOfText(`${canonicalText(json)}\n`)
}

/** Throws `Refused` body when the payload is not a message, or lists other files than its head. */
export function readBody(payload: Bytes, headFiles: readonly string[]): Body {
  try {
    const line = textOfBytes(payload)
    demand(line.endsWith('\n'), 'body', 'This message has no end.')
    const json: unknown = parseCanonical(line.slice(0, -1))
    demand(bodyForm(json), 'body', 'This message has a field of the wrong form.')
    const listed = json.files.map((file) => file.blob).join() === headFiles.join()
    demand(listed, 'body', 'This message lists other files than its signed head.')
    return json
  } catch (cause) {
    if (cause instanceof Refused && cause.code === 'body') throw cause
    throw new Refused('body', 'This is not a message.', { cause })
  }
}
