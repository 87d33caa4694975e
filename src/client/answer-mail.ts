import {
  base64OfBytes,
  type Bytes,
  bytesOfText,
  hexOfBytes,
  mailboxField,
  mailDate,
  textField,
} from '#lexicon'
import { ClientError } from './client-error.ts'

/** An answer before it is encrypted. */
export type AnswerMail = {
  /** Of the desk, as its people signed it. */
  readonly name: string
  readonly from: string
  readonly to: string
  /** `""` where From says it. */
  readonly replyTo: string
  readonly subject: string
  /** Milliseconds. */
  readonly date: number
  /** The Message-ID of what is answered; `""` for none. */
  readonly answers: string
  readonly text: string
  readonly files: readonly { readonly name: string; readonly content: Bytes }[]
}

/**
 * The mail inside the encryption: its own head, protected with it (RFC 9788), then text and files. `HP-Outer` says
 * what stands outside, so that its reader sees what was put there by somebody else.
 */
export function writeAnswerMail(mail: AnswerMail): Bytes {
  const { name, from, to, replyTo, subject, date, answers, text, files } = mail
  demandOneLine([name, from, to, replyTo, answers])
  const outside = [
    `From: ${mailboxField(name, from)}`,
    `To: ${to}`,
    ...(replyTo === '' ? [] : [`Reply-To: ${replyTo}`]),
    `Date: ${mailDate(date)}`,
    ...(answers === '' ? [] : [`In-Reply-To: ${answers}`, `References: ${answers}`]),
  ]
  const head = [
    ...outside,
    `Subject: ${textField(subject)}`,
    ...[...outside, 'Subject: [...]'].map((field) => `HP-Outer: ${field}`),
    'MIME-Version: 1.0',
  ]
  // `protected-headers` is for programs that were written before RFC 9788.
  const hidden = '; hp="cipher"; protected-headers="v1"'
  const words = textPart(text)
  if (files.length === 0) return linesOf([...head, `${words.type}${hidden}`, ...words.lines])
  const boundary = `=_${hexOfBytes(crypto.getRandomValues(new Uint8Array(16)))}`
  return linesOf([
    ...head,
    `Content-Type: multipart/mixed; boundary="${boundary}"${hidden}`,
    '',
    `--${boundary}`,
    words.type,
    ...words.lines,
    ...files.flatMap((file) => [`--${boundary}`, ...filePart(file)]),
    `--${boundary}--`,
    '',
  ])
}

/** From and Reply-To are the server's word: a line break in one begins a field, or a text, that we would sign. */
function demandOneLine(values: readonly string[]): void {
  if (values.some((value) => /[\p{Cc}\p{Zl}\p{Zp}]/u.test(value)))
    throw new ClientError(
      'problem',
      'The server gave an address that does not fit in a mail. Nothing was sent: tell its operator.',
    )
}

/** As it is, where its lines are short enough for every program (RFC 5322, 2.1.1); else encoded. */
function textPart(text: string) {
  const type = 'Content-Type: text/plain; charset=utf-8'
  const lines = text.replace(/\r\n?/g, '\n').trimEnd().split('\n')
  // "From " at the begin of a line is quoted by old programs, and then no signature holds.
  const plain = lines.every(
    (line) => bytesOfText(line).length <= 900 && !/^From |[ \t]$/.test(line),
  )
  if (plain) return { type, lines: ['Content-Transfer-Encoding: 8bit', '', ...lines, ''] }
  return { type, lines: inBase64(bytesOfText(`${lines.join('\r\n')}\r\n`)) }
}

function filePart({ name, content }: AnswerMail['files'][number]): readonly string[] {
  return [
    'Content-Type: application/octet-stream',
    `Content-Disposition: attachment; filename*=UTF-8''${parameter(name)}`,
    ...inBase64(content),
  ]
}

/** RFC 8187, 3.2.1: whatever stands in a name stays in it. */
function parameter(name: string): string {
  return encodeURIComponent(name.replace(/[\ud800-\udfff]/gu, '_')).replace(
    /['()*!]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function inBase64(content: Bytes): readonly string[] {
  const letters = content.length === 0 ? '' : base64OfBytes(content)
  return ['Content-Transfer-Encoding: base64', '', ...(letters.match(/.{1,76}/g) ?? []), '']
}

function linesOf(lines: readonly string[]): Bytes {
  return bytesOfText(lines.join('\r\n'))
}
