import type { Bytes } from '#lexicon'
import { type Letterhead, writeLetter } from './write-letter.ts'

export type AnswerNotice = {
  readonly letterhead: Letterhead
  readonly to: string
  readonly number: string
  /** Its reader has the words of a receipt. */
  readonly follows: boolean
  /** Of a link by which its reader claims the case, hex; it stands behind `#`. */
  readonly code: string | undefined
  /** Milliseconds. */
  readonly date: number
  readonly messageId: string
  readonly answers: string
  readonly replyTo: string
}

/** That there is an answer, and not a word of it: no title, no name, nothing of the report. */
export function writeAnswerNotice({
  number,
  follows,
  code,
  ...mail
}: AnswerNotice): Promise<Bytes> {
  const { letterhead } = mail
  const how = follows
    ? FOLLOW(letterhead.url)
    : code === undefined
      ? ATTACH
      : CLAIM(letterhead.url, code)
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

const FOLLOW = (url: string): string => `To read it, open

  ${url}/follow

and type the twelve words of your receipt.`

const ATTACH = `It is kept sealed, and this mail holds nothing of it.

If you got a receipt by mail, it has a link: open it to take up your report
and read every answer from then on. Or answer this mail with your OpenPGP
public key attached: the desk then writes to you encrypted.`

const CLAIM = (
  url: string,
  code: string,
): string => `It is kept sealed, and this mail holds nothing of it.

To read on, open this link. It works once, for 30 days:

  ${url}/claim#${code}

You get twelve words of your own there, and a person of the desk lets you
in. If you use OpenPGP, answer this mail with your public key attached: the
desk then writes to you encrypted.`
