import PostalMime, { type Attachment, type Email } from 'postal-mime'
import type { AttachmentRead, MailRead } from './mail.ts'
import { textOfHtml } from './text-of-html.ts'

/** More than this no page shows, and nobody reads. */
const LONGEST_TEXT = 256 * 1024
const LONGEST_HTML = 1024 * 1024
const MOST_ATTACHMENTS = 200
const MOST_BLOCKS = 10
const ARMOR = '-----BEGIN PGP MESSAGE-----'
const ARMOR_END = '-----END PGP MESSAGE-----'
const OPTIONS = {
  maxNestingDepth: 60,
  maxHeadersSize: 1024 * 1024,
  maxRfc822NestingDepth: 3,
  attachmentEncoding: 'arraybuffer',
} as const

/** Never throws: what cannot be read as a mail is shown as it came (R44). It may take long: see text-main.ts. */
export async function readMail(raw: Uint8Array<ArrayBuffer>): Promise<MailRead> {
  const email = await parsed(raw)
  if (email === undefined) return asItCame(raw)
  const { text, of } = wordsOf(email)
  const attachments = filesOf(email).slice(0, MOST_ATTACHMENTS).map(attachmentRead)
  if (text === '' && attachments.length === 0 && hasBody(raw)) return asItCame(raw)
  return {
    text: text.slice(0, LONGEST_TEXT).toWellFormed(),
    of,
    cut: text.length > LONGEST_TEXT || email.attachments.length > MOST_ATTACHMENTS,
    attachments,
  }
}

/** The content of one attachment; `undefined` where there is none. */
export async function attachmentOf(
  raw: Uint8Array<ArrayBuffer>,
  n: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const email = await parsed(raw)
  const file = email && filesOf(email)[n]
  return file && new Uint8Array(file.bytes)
}

type FileRead = {
  readonly name: string
  readonly type: string
  readonly bytes: Uint8Array
}

/** The attachments, and behind them each block of the text that is encrypted by itself. */
function filesOf(email: Email): readonly FileRead[] {
  const files = email.attachments.map((attachment, n) => ({
    name: (attachment.filename ?? '').slice(0, 255).toWellFormed() || `attachment-${String(n + 1)}`,
    type: attachment.mimeType.slice(0, 127),
    bytes: bytesOf(attachment),
  }))
  const blocks = blocksIn(wordsOf(email).text).map((block, n) => ({
    name: `encrypted-text-${String(n + 1)}.txt.pgp`,
    type: 'application/pgp-encrypted',
    bytes: new TextEncoder().encode(block),
  }))
  return [...files, ...blocks]
}

function blocksIn(text: string): readonly string[] {
  const blocks: string[] = []
  for (let at = text.indexOf(ARMOR); at >= 0 && blocks.length < MOST_BLOCKS;) {
    const end = text.indexOf(ARMOR_END, at)
    if (end < 0) break
    blocks.push(`${text.slice(at, end)}${ARMOR_END}\n`)
    at = text.indexOf(ARMOR, end)
  }
  return blocks
}

async function parsed(raw: Uint8Array<ArrayBuffer>): Promise<Email | undefined> {
  try {
    return await PostalMime.parse(raw, OPTIONS)
  } catch {
    return undefined
  }
}

function wordsOf({ text, html }: Email): Pick<MailRead, 'text' | 'of'> {
  if (text !== undefined && text.trim() !== '') return { text: text.trimEnd(), of: 'plain' }
  if (html === undefined) return { text: '', of: 'plain' }
  return { text: textOfHtml(html.slice(0, LONGEST_HTML)), of: 'html' }
}

/** Something stands there: whoever reads sees it, and not that there is no text. */
function hasBody(raw: Uint8Array): boolean {
  const start = new TextDecoder('latin1').decode(raw.subarray(0, LONGEST_TEXT))
  return /\S/.test(start.slice(/\n\r?\n|^\r?\n/.exec(start)?.index ?? 0))
}

function asItCame(raw: Uint8Array): MailRead {
  const text = new TextDecoder().decode(raw.subarray(0, LONGEST_TEXT))
  return { text, of: 'raw', cut: raw.length > LONGEST_TEXT, attachments: [] }
}

function attachmentRead({ name, type, bytes }: FileRead): AttachmentRead {
  return { name, type, size: bytes.length, encrypted: isOpenpgp(bytes, name, type) }
}

function bytesOf({ content }: Attachment): Uint8Array {
  return typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content)
}

/** Armored, or by its name and a first octet that begins a packet. A signature is none, nor is a key. */
function isOpenpgp(bytes: Uint8Array, name: string, type: string): boolean {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 2048))
  if (start.includes(ARMOR)) return true
  const binary = ((bytes[0] ?? 0) & 0x80) !== 0
  return binary && (/\.(?:pgp|gpg)$/i.test(name) || type === 'application/pgp-encrypted')
}
