import { type Bytes, bytesOfBase64, bytesOfText, headerValues, readMailHeaders } from '#lexicon'

/*
 * [Note: no tree of parts here]
 * This runs where keys are, so it reads of a mail what opening it needs and no more: the head, and the raw
 * parts of one level. Trees, charsets and attachments are read by `text`, in a thread without keys.
 */

/** More are no mail that is encrypted as a whole. */
const MOST_PARTS = 8
const BEGIN = '-----BEGIN PGP MESSAGE-----'
const END = '-----END PGP MESSAGE-----'

/** `inline`: the message is the whole text of the mail, and holds text. `mime`: it holds a mail (RFC 3156). */
export type PgpMail = { readonly form: 'mime' | 'inline'; readonly armored: string }

/**
 * The OpenPGP message that is this mail, if the whole mail is one (K14, K15): what stands beside one part
 * that is encrypted is nobody's to mix with it. Undefined for every other mail.
 */
export function pgpMailIn(raw: Bytes): PgpMail | undefined {
  const { type, body, encoding } = entityOf(raw)
  if (type.name === 'multipart/encrypted' || type.name === 'multipart/mixed')
    return armoredIn(type, body)
  if (type.name !== 'text/plain') return undefined
  const armored = wholeArmor(decoded(body, encoding))
  return armored === undefined ? undefined : { form: 'inline', armored }
}

/** Is it signed as a whole, by the form of it? Nobody checked by whom (K17). */
export function isSignedWhole(raw: Bytes): boolean {
  return entityOf(raw).type.name === 'multipart/signed'
}

/**
 * Armored blocks of public keys, and parts that say they are keys, in a mail of any form. Looked at are raw parts
 * to a small depth: what is hidden deeper is a key that nobody was to find.
 */
export function publicKeysIn(raw: Bytes, depth = 0): readonly (Bytes | string)[] {
  const { type, body, encoding } = entityOf(raw)
  if (type.name.startsWith('multipart/') && type.boundary !== '')
    return depth > 2
      ? []
      : rawPartsOf(body, type.boundary, MOST_KEY_PARTS).flatMap((part) =>
          publicKeysIn(part, depth + 1),
        )
  const text = decoded(body, encoding)
  const blocks = text.match(KEY_BLOCK) ?? []
  if (blocks.length > 0) return blocks.slice(0, MOST_PARTS)
  if (type.name !== 'application/pgp-keys' || text === '') return []
  return [encoding === 'base64' ? bytesFrom(latinOf(body)) : body]
}

const MOST_KEY_PARTS = 30
const KEY_BLOCK =
  /-----BEGIN PGP PUBLIC KEY BLOCK-----[^-]{1,180000}-----END PGP PUBLIC KEY BLOCK-----/g

/** Byte for byte, without the line end that belongs to the line between parts. At most `most` of them. */
export function rawPartsOf(body: Bytes, boundary: string, most: number): readonly Bytes[] {
  const text = latinOf(body)
  const line = `--${boundary}`
  const parts: Bytes[] = []
  let begin = -1
  for (let at = text.indexOf(line); at >= 0; at = text.indexOf(line, at + line.length)) {
    if (at > 0 && text[at - 1] !== '\n') continue
    const rest = /^(--)?[ \t]*(?:\r?\n|$)/.exec(
      text.slice(at + line.length, at + line.length + 200),
    )
    if (rest === null) continue
    if (begin >= 0) parts.push(body.slice(begin, Math.max(begin, lineEndBefore(text, at))))
    if (rest[1] !== undefined || parts.length >= most) return parts
    begin = at + line.length + rest[0].length
  }
  // A last line that is missing ends with the mail.
  return begin >= 0 ? [...parts, body.slice(begin)] : parts
}

function armoredIn({ name, boundary, protocol }: ContentType, body: Bytes): PgpMail | undefined {
  if (boundary === '') return undefined
  if (name === 'multipart/encrypted' && protocol !== PGP_VERSION) return undefined
  // Some servers make multipart/mixed of it, and put an empty text in front.
  const parts = rawPartsOf(body, boundary, MOST_PARTS)
    .map(entityOf)
    .filter(({ type, body: part }) => type.name !== 'text/plain' || latinOf(part).trim() !== '')
  const [version, sealed, ...more] = parts
  if (version === undefined || sealed === undefined || more.length > 0) return undefined
  if (version.type.name !== PGP_VERSION) return undefined
  if (!/^version:\s*1\s*$/im.test(decoded(version.body, version.encoding))) return undefined
  const armored = wholeArmor(decoded(sealed.body, sealed.encoding))
  return armored === undefined ? undefined : { form: 'mime', armored }
}

const PGP_VERSION = 'application/pgp-encrypted'

/** One armored message and nothing around it. */
function wholeArmor(text: string): string | undefined {
  const trimmed = text.trim()
  const whole =
    trimmed.startsWith(BEGIN) && trimmed.endsWith(END) && !trimmed.includes(BEGIN, BEGIN.length)
  return whole ? trimmed : undefined
}

type ContentType = { readonly name: string; readonly boundary: string; readonly protocol: string }
type Entity = { readonly type: ContentType; readonly encoding: string; readonly body: Bytes }

function entityOf(raw: Bytes): Entity {
  const headers = readMailHeaders(raw)
  const [type = 'text/plain', second] = headerValues(headers, 'content-type')
  const [encoding = '', another] = headerValues(headers, 'content-transfer-encoding')
  // Two that contradict each other are read differently by everybody: by us as nothing.
  const clear = headers.whole && second === undefined && another === undefined
  return {
    type: clear ? contentTypeOf(type) : { name: '', boundary: '', protocol: '' },
    encoding: encoding.toLowerCase(),
    body: raw.slice(headers.end),
  }
}

function contentTypeOf(value: string): ContentType {
  const [name = ''] = value.split(';')
  return {
    name: name.trim().toLowerCase(),
    boundary: parameter(value, 'boundary'),
    protocol: parameter(value, 'protocol').toLowerCase(),
  }
}

function parameter(value: string, name: string): string {
  const found = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]{1,200})"|([^;\\s"]{1,200}))`, 'i').exec(
    value,
  )
  return found?.[1] ?? found?.[2] ?? ''
}

function decoded(body: Bytes, encoding: string): string {
  const text = latinOf(body)
  if (encoding === 'base64') return fromBase64(text)
  if (encoding === 'quoted-printable')
    return text
      .replace(/=[ \t]*\r?\n/g, '')
      .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
  return text
}

function fromBase64(text: string): string {
  return latinOf(bytesFrom(text))
}

function bytesFrom(base64: string): Bytes {
  try {
    return bytesOfBase64(base64.replace(/\s+/g, ''))
  } catch {
    return new Uint8Array(0)
  }
}

function lineEndBefore(text: string, at: number): number {
  if (text[at - 1] !== '\n') return at
  return text[at - 2] === '\r' ? at - 2 : at - 1
}

/** One letter for one byte, so that places in it are places in the bytes. */
function latinOf(bytes: Uint8Array): string {
  return latin.decode(bytes)
}

const latin = new TextDecoder('latin1')

/** What an inline message held, as a mail that says so: the reader of mails gets mails only. */
export function asMail(text: Bytes): Bytes {
  const head = bytesOfText('Content-Type: text/plain; charset=utf-8\r\n\r\n')
  const mail = new Uint8Array(head.length + text.length)
  mail.set(head)
  mail.set(text, head.length)
  return mail
}
