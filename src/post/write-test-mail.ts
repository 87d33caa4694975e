import { type Bytes, hexOfBytes } from '#lexicon'
import { type Letterhead, writeLetter } from './write-letter.ts'

/** What an operator sends to see whether mail goes out. */
export function writeTestMail({
  letterhead,
  to,
  now,
  random,
}: {
  readonly letterhead: Letterhead
  readonly to: string
  readonly now: number
  readonly random: (length: number) => Bytes
}): Promise<Bytes> {
  const domain = letterhead.from.slice(letterhead.from.lastIndexOf('@') + 1)
  return writeLetter({
    letterhead,
    to,
    subject: 'Test of outgoing mail',
    text: `The security desk at ${letterhead.url} can send mail.\n`,
    date: now,
    messageId: `<test.${hexOfBytes(random(16))}@${domain}>`,
    answers: '',
    replyTo: '',
    submitted: 'auto-generated',
  })
}
