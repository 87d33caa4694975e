import { type Bytes, bytesOfText, mailboxField, mailDate } from '#lexicon'
import { autocryptField } from './autocrypt-field.ts'
import type { Letterhead } from './write-letter.ts'

export type PgpMail = {
  readonly letterhead: Letterhead
  readonly to: string
  /** Milliseconds. */
  readonly date: number
  readonly messageId: string
  /** The Message-ID of what is answered; `""` for none. */
  readonly answers: string
  /** Where answers go; `""` where From says it. */
  readonly replyTo: string
  readonly armored: string
}

/**
 * The mail around an OpenPGP message (RFC 3156, 4). The Subject is inside; outside stands the placeholder of
 * RFC 9788, and the other fields as they stand inside.
 */
export function writePgpMail(mail: PgpMail): Bytes {
  const { letterhead, to, date, messageId, answers, replyTo, armored } = mail
  // Letters that no armor holds, so no line of it ends the part.
  const boundary = `=_${messageId.replace(/[^a-z0-9]/gi, '').slice(0, 50)}`
  const autocrypt = autocryptField(letterhead)
  const lines = [
    `From: ${mailboxField(letterhead.name, letterhead.from)}`,
    `To: ${to}`,
    ...(replyTo === '' ? [] : [`Reply-To: ${replyTo}`]),
    'Subject: [...]',
    `Date: ${mailDate(date)}`,
    `Message-ID: ${messageId}`,
    ...(answers === '' ? [] : [`In-Reply-To: ${answers}`, `References: ${answers}`]),
    ...(autocrypt === undefined ? [] : [`Autocrypt: ${autocrypt}`]),
    'MIME-Version: 1.0',
    'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted";',
    ` boundary="${boundary}"`,
    '',
    `--${boundary}`,
    'Content-Type: application/pgp-encrypted',
    '',
    'Version: 1',
    '',
    `--${boundary}`,
    'Content-Type: application/octet-stream; name="encrypted.asc"',
    '',
    ...armored.trimEnd().split(/\r?\n/),
    '',
    `--${boundary}--`,
    '',
  ]
  return bytesOfText(lines.join('\r\n'))
}
