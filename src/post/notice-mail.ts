import type { Bytes } from '#lexicon'
import { type Letterhead, writeLetter } from './write-letter.ts'

export type Notice = {
  readonly letterhead: Letterhead
  readonly to: string
  readonly number: string
  /** Its reader has the words of a receipt. */
  readonly follows: boolean
  /** Milliseconds. */
  readonly date: number
  readonly messageId: string
  readonly answers: string
  readonly replyTo: string
}

/** That there is an answer, and not a word of it: no title, no name, nothing of the report. */
export function writeNotice({ number, follows, ...mail }: Notice): Promise<Bytes> {
  const { letterhead } = mail
  const how = follows
    ? `To read it, open

  ${letterhead.url}/follow

and type the twelve words of your receipt.`
    : `It is kept sealed, and this mail holds nothing of it.

To get it, answer this mail with your OpenPGP public key attached: the desk
then writes to you encrypted.`
  return writeLetter({
    ...mail,
    subject: `There is an answer to your report ${number}`,
    text: `There is an answer to your report ${number} at the security desk of
${letterhead.name}.

${how}
`,
    submitted: 'auto-generated',
  })
}
