/*
 * The head of a mail, as much of it as anybody needs who opens nothing: names and unfolded values, in
 * their order, bounded. No MIME and no encoded words: those are for whoever shows them.
 */

export type MailHeader = {
  /** In lower case. */
  readonly name: string
  /** Unfolded and trimmed. It is its sender's word, and may hold anything but a line feed. */
  readonly value: string
}

export type MailHeaders = {
  readonly fields: readonly MailHeader[]
  /** Where the body begins: behind the empty line, or at the end of what was read. */
  readonly end: number
  /** Was the empty line found within the bounds? Who decides by a field that is absent asks this first. */
  readonly whole: boolean
  /** Is every line of it a field, or the rest of one? Other lines are read by others as they like. */
  readonly plain: boolean
}

export const HEADER_BOUNDS = { bytes: 64 * 1024, lines: 1000 } as const

/** Never throws: what is no field is passed over, for a mail of any form is a report. */
export function readMailHeaders(mail: Uint8Array): MailHeaders {
  const head = mail.subarray(0, HEADER_BOUNDS.bytes)
  const fields: Field[] = []
  let at = 0
  let folded = false
  let plain = true
  for (let lines = 0; at < head.length && lines < HEADER_BOUNDS.lines; lines++) {
    const feed = head.indexOf(LF, at)
    // Half a line is no field that was read.
    if (feed === -1 && head.length < mail.length) break
    const next = feed === -1 ? head.length : feed + 1
    const line = textOf(head.subarray(at, next))
    at = next
    if (line === '') return read(fields, at, true, plain)
    const last = fields.at(-1)
    if (/^[ \t]/.test(line)) {
      // What continues a line that is no field is none either.
      if (folded && last !== undefined) last.value += line
      else plain = false
      continue
    }
    const field = /^([!-9;-~]+)[ \t]*:(.*)$/s.exec(line)
    folded = field !== null
    if (field === null) plain = false
    if (field !== null) fields.push({ name: (field[1] ?? '').toLowerCase(), value: field[2] ?? '' })
  }
  // A mail may be all head.
  return read(fields, at, at === mail.length, plain)
}

/** The values of every field of this name, in lower case, from the top. */
export function headerValues({ fields }: MailHeaders, name: string): readonly string[] {
  return fields.filter((field) => field.name === name).map(({ value }) => value)
}

type Field = { readonly name: string; value: string }

const LF = 10
// A byte that is no UTF-8 becomes a mark: it may stand in a name that is shown, never in one that is compared.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** A line without its end: LF, or CR LF. */
function textOf(line: Uint8Array): string {
  return decoder.decode(line).replace(/\r?\n$/, '')
}

function read(fields: readonly Field[], end: number, whole: boolean, plain: boolean): MailHeaders {
  const trimmed = fields.map(({ name, value }) => ({ name, value: value.trim() }))
  return { fields: trimmed, end, whole, plain }
}
