import { ACKNOWLEDGE_WITHIN, type Bytes, timeOf } from '#lexicon'
import { type Letterhead, writeLetter } from './write-letter.ts'

export type Receipt = {
  readonly letterhead: Letterhead
  readonly to: string
  readonly number: string
  /** Milliseconds. */
  readonly received: number
  /** Could everybody on its way read it? */
  readonly readable: boolean
  /** The link to claim the case by; `""` where there is none. */
  readonly claim: string
  readonly messageId: string
  /** The Message-ID of what is answered; `""` when it had none that can be named. */
  readonly answers: string
  /** Where answers go: it finds the case. */
  readonly replyTo: string
}

/**
 * The receipt as it goes out. Nothing of the mail that it answers stands in it, not even the subject:
 * whoever reads the mailbox of a forged sender learns only that somebody wrote.
 */
export function writeReceiptMail(receipt: Receipt): Promise<Bytes> {
  const { letterhead, to, number, received, messageId, answers, replyTo } = receipt
  const subject = `Your report ${number} was received`
  const text = textOf(receipt)
  const submitted = 'auto-replied'
  return writeLetter({
    letterhead,
    to,
    subject,
    text,
    date: received,
    messageId,
    answers,
    replyTo,
    submitted,
  })
}

function textOf({ letterhead, number, received, readable, claim }: Receipt): string {
  return `Your mail has reached the security desk of
${letterhead.name}.

  Number:    ${number}
  Received:  ${wordsOf(received)}

A person of the desk answers you within 7 days, so by
${wordsOf(received + ACKNOWLEDGE_WITHIN)}.

${readable ? READABLE : ENCRYPTED}
${claim === '' ? '' : claimText(claim)}
To write so that only the people of the desk can read it, use

  ${letterhead.url}/report

It seals what you write on your own machine, before it is sent. Please
give the number of this report there, and in the subject of a mail.

A program wrote this receipt. Answers to it reach the desk.
`
}

const READABLE = `Your mail came unencrypted: whoever carried it could read it. On arrival
it was sealed, and since then only the people of the desk can open it.`

const ENCRYPTED = `Your mail has the form of an encrypted one and was not opened: only the
people of the desk can. Its subject and its addresses could be read by whoever
carried it.`

function claimText(link: string): string {
  return `
To read the answer where nobody else can, open this link:

  ${link}

It works once, for 30 days, and gives you twelve words of your own. You
read what the desk writes from then on. Whoever reads this mail can use it
before you: use it soon, and pass this mail on to nobody.
`
}

function wordsOf(milliseconds: number): string {
  return timeOf(milliseconds).replace('T', ' ').replace('Z', ' UTC')
}
