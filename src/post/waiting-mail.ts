import { type Bytes, bytesOfText, concatBytes, hexOfBytes, textOfBytes } from '#lexicon'
import { canonicalText, closeBox, demand, openBox, parseCanonical } from '#seal'

/** What kinds of mail the desk sends. */
export type MailKind = 'receipt' | 'answer' | 'plain' | 'notice' | 'change' | 'held'

/** What a mail is, and the case that it belongs to; for a notice the member whom it tells. */
export type MailPlace = { readonly kind: string; readonly about: Bytes }

export type WaitingMail = {
  /** The sender of the envelope; `""` is the null sender, to whom nobody answers. */
  readonly from: string
  readonly to: string
  /** The whole mail as it goes out. */
  readonly raw: Bytes
}

/** Sealed for its place: a row that was moved to another case or kind does not open. */
export function sealWaitingMail(
  key: Bytes,
  place: MailPlace,
  { from, to, raw }: WaitingMail,
): Promise<Bytes> {
  const content = concatBytes(bytesOfText(`${canonicalText({ from, to })}\n`), raw)
  return closeBox(key, contextOf(place), content)
}

/** Throws `Refused` decrypt for another key, another place and every changed byte. */
export async function openWaitingMail(
  key: Bytes,
  place: MailPlace,
  sealed: Bytes,
): Promise<WaitingMail> {
  const content = await openBox(key, contextOf(place), sealed, 'decrypt')
  const end = content.indexOf(LF)
  const envelope: unknown = parseCanonical(textOfBytes(content.subarray(0, Math.max(end, 0))))
  demand(isEnvelope(envelope), 'decrypt', 'This is not a mail that waits to be sent.')
  return { from: envelope.from, to: envelope.to, raw: content.slice(end + 1) }
}

const LF = 10

function contextOf({ kind, about }: MailPlace): Bytes {
  return bytesOfText(`postern/1 waiting mail ${kind} ${hexOfBytes(about)}`)
}

function isEnvelope(value: unknown): value is { readonly from: string; readonly to: string } {
  if (typeof value !== 'object' || value === null) return false
  const { from, to } = { from: undefined, to: undefined, ...value }
  return typeof from === 'string' && typeof to === 'string'
}
