import { BROKEN, type Finding, finding } from './finding.ts'

/** One field of the file, as it stands: `name` in lower case, `value` without the space around it. */
export type Field = { readonly line: number; readonly name: string; readonly value: string }

/** What a security.txt says (RFC 9116), and what is wrong with its form. */
export type SecurityTxt = {
  /** Somebody signed it in the clear (RFC 9580, 7). Nothing here says who: whoever has a key checks that. */
  readonly signed: boolean
  readonly fields: readonly Field[]
  readonly comments: readonly string[]
  readonly findings: readonly Finding[]
}

/** RFC 9116, 5.6: a reader need not read more. */
export const LARGEST_SECURITY_TXT = 32 * 1024

/** Reads what anybody may have written: it never throws, and what it cannot read is a finding. */
export function readSecurityTxt(bytes: Uint8Array): SecurityTxt {
  if (bytes.length > LARGEST_SECURITY_TXT) return unreadable(finding('too_large', 0))
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return unreadable(finding('utf8', 0))
  }
  const findings: Finding[] = []
  if (text.startsWith('\u{feff}')) findings.push(finding('bom_in_file', 1))
  const lines = linesOf(text.replace(/^\u{feff}/u, ''))
  const { body, signed } = unwrapped(lines, findings)
  const fields: Field[] = []
  const comments: string[] = []
  for (const line of body) {
    if (!line.ended) findings.push(finding('no_line_separators', line.number))
    if (line.text.startsWith('#')) comments.push(line.text.slice(1).trim())
    else if (line.text.trim() !== '') readField(line, fields, findings)
  }
  return { signed, fields, comments, findings }
}

/** The values of one field, in their order. */
export function valuesOf({ fields }: SecurityTxt, name: string): readonly string[] {
  return fields.filter((field) => field.name === name.toLowerCase()).map(({ value }) => value)
}

type Line = { readonly number: number; readonly text: string; readonly ended: boolean }

function unreadable(what: Finding): SecurityTxt {
  return { signed: false, fields: [], comments: [], findings: [what] }
}

/** Lines end with LF or CR LF; a CR alone ends none (RFC 9116, 4). */
function linesOf(text: string): Line[] {
  const parts = text.split('\n')
  const rest = parts.pop() ?? ''
  const lines = parts.map((part, n): Line => {
    return { number: n + 1, text: part.replace(/\r$/, ''), ended: true }
  })
  if (rest !== '') lines.push({ number: parts.length + 1, text: rest, ended: false })
  return lines
}

const BEGIN = '-----BEGIN PGP SIGNED MESSAGE-----'
const SIGNATURE = '-----BEGIN PGP SIGNATURE-----'
const END = '-----END PGP SIGNATURE-----'

/** What stands between the lines of a clear signature, with its dashes restored; else everything. */
function unwrapped(
  lines: readonly Line[],
  findings: Finding[],
): { readonly body: readonly Line[]; readonly signed: boolean } {
  const marks = lines.filter(({ text }) => /^-----(BEGIN|END) PGP /.test(text))
  if (marks.length === 0) return { body: lines, signed: false }
  const places = [BEGIN, SIGNATURE, END].map((mark) =>
    lines.findIndex(({ text }) => text.trimEnd() === mark),
  )
  const [begin = -1, middle = -1, end = -1] = places
  const head = lines.slice(begin + 1, Math.max(middle, 0))
  const blank = head.findIndex(({ text }) => text.trim() === '')
  const whole = begin >= 0 && begin < middle && middle < end && blank >= 0 && marks.length === 3
  if (!whole) {
    const at = marks[0]?.number ?? 0
    findings.push(finding('signed_format_issue', at))
    // Still read, so that the person hears of everything at once.
    return { body: lines.filter((line) => !marks.includes(line)), signed: false }
  }
  const before = lines.slice(0, begin).find(({ text }) => text.trim() !== '')
  if (before !== undefined) findings.push(finding('data_before_signed', before.number))
  const after = lines.slice(end + 1).find(({ text }) => text.trim() !== '')
  if (after !== undefined) findings.push(finding('data_after_sig', after.number))
  // Another header would be text that looks signed and is not.
  for (const { text, number } of head.slice(0, blank))
    if (!/^Hash: [A-Za-z0-9-]+(, ?[A-Za-z0-9-]+)*\s*$/.test(text))
      findings.push(finding('signed_format_issue', number))
  if (!isSignature(lines.slice(middle + 1, end)))
    findings.push(finding('pgp_data_error', lines[middle]?.number ?? 0))
  const body = head.slice(blank + 1).map((line): Line => {
    if (line.text.startsWith('- ')) return { ...line, text: line.text.slice(2) }
    if (line.text.startsWith('-')) findings.push(finding('signed_format_issue', line.number))
    return line
  })
  return { body, signed: true }
}

/** Armor that holds a signature packet. What it signs is for whoever has the key. */
function isSignature(lines: readonly Line[]): boolean {
  const blank = lines.findIndex(({ text }) => text.trim() === '')
  const data = lines.slice(blank + 1).map(({ text }) => text.trim())
  const base64 = data.filter((text) => !text.startsWith('=')).join('')
  if (blank < 0 || !/^[A-Za-z0-9+/]{8,}={0,2}$/.test(base64) || base64.length % 4 !== 0)
    return false
  const first = atob(base64.slice(0, 4)).charCodeAt(0)
  // A packet with tag 2 in the old or the new form.
  return (first & 0xfc) === 0x88 || first === 0xc2
}

function readField({ number, text }: Line, fields: Field[], findings: Finding[]): void {
  const colon = text.indexOf(':')
  if (colon < 0 || BROKEN.test(text)) {
    findings.push(finding('invalid_line', number))
    return
  }
  const key = text.slice(0, colon)
  const name = key.trim()
  const rest = text.slice(colon + 1)
  const value = rest.trim()
  if (key !== name) findings.push(finding('prec_ws', number))
  if (name === '') findings.push(finding('empty_key', number))
  else if (!/^[!#-9;-~]+$/.test(name)) findings.push(finding('invalid_line', number))
  if (value === '') findings.push(finding('empty_value', number))
  else if (!rest.startsWith(' ')) findings.push(finding('no_space', number))
  if (name !== '') fields.push({ line: number, name: name.toLowerCase(), value })
}
