import MailComposer from 'nodemailer/lib/mail-composer'
import type { Bytes } from '#lexicon'
import { autocryptField } from './autocrypt-field.ts'

/** How the desk stands in what it sends. */
export type Letterhead = {
  readonly name: string
  /** The address in From. */
  readonly from: string
  /** The public origin. */
  readonly url: string
  /** Of the desk's mail key, base64; absent where the reader has no use for it. */
  readonly key?: string
}

export type Letter = {
  readonly letterhead: Letterhead
  readonly to: string
  readonly subject: string
  readonly text: string
  /** Milliseconds. */
  readonly date: number
  readonly messageId: string
  /** The Message-ID of what is answered; `""` when it answers nothing that can be named. */
  readonly answers: string
  /** Where answers go; `""` when that is From. */
  readonly replyTo: string
  /** RFC 3834: whoever answers by a program answers neither of these. `""`: a person wrote it. */
  readonly submitted: 'auto-replied' | 'auto-generated' | ''
}

/** A mail of the desk as it goes out: plain text, and nothing that fetches or counts. */
export async function writeLetter(letter: Letter): Promise<Bytes> {
  const { letterhead, to, subject, text, date, messageId, answers, replyTo, submitted } = letter
  const autocrypt = autocryptField(letterhead)
  const composer = new MailComposer({
    from: { name: letterhead.name, address: letterhead.from },
    to,
    subject,
    text,
    date: new Date(date),
    messageId,
    ...(answers !== '' && { inReplyTo: answers, references: answers }),
    ...(replyTo !== '' && { replyTo }),
    headers: {
      ...(submitted !== '' && { 'Auto-Submitted': submitted }),
      ...(autocrypt !== undefined && { Autocrypt: { prepared: true, value: autocrypt } }),
    },
    xMailer: false,
    newline: 'windows',
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return new Uint8Array(await composer.compile().build())
}
