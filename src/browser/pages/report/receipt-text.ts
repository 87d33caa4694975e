import type { ReceiptShown } from '#worker'
import { longDayAndTime } from '../../time-words.ts'

export type Step = {
  readonly says: string
  /** `""` where no date is promised. */
  readonly by: string
  readonly more: string
}

/** What is promised, and nothing more: the one date that the desk owes comes from the signed receipt. */
export function nextSteps({ acknowledgeBy }: ReceiptShown): readonly Step[] {
  return [
    {
      says: 'A person acknowledges it',
      by: acknowledgeBy,
      more: 'The desk’s record shows whether that was kept.',
    },
    {
      says: 'We sort it and ask the people of the project',
      by: '',
      more: 'They read it only after a person of the desk has let them in, and you see who was.',
    },
    {
      says: 'You read and answer with your twelve words',
      by: '',
      more: 'As often as you like, from any browser.',
    },
    {
      says: 'A fix and a date agreed with you, or a reason why not',
      by: '',
      more: 'No case is closed without an answer or a written reason.',
    },
  ]
}

export const KEEP_THE_WORDS =
  'Whoever has these words reads and writes as you. The desk does not have them and cannot show them again.'

/** The receipt as a file: everything to come back with, readable in any editor and on paper. */
export function receiptText(receipt: ReceiptShown, brand: string, origin: string): string {
  const { number, received, words, statement } = receipt
  const steps = nextSteps(receipt).map(
    ({ says, by, more }) => `- ${says}${by === '' ? '' : `, by ${longDayAndTime(by)}`}\n  ${more}`,
  )
  return `RECEIPT ${number}
${brand}

Received: ${longDayAndTime(received)}
Sealed in the browser before it was sent, end to end.

YOUR TWELVE WORDS

${numbered(words)}

  ${words}

${KEEP_THE_WORDS}
Keep this file as you would keep a key.

They open your report at
  ${origin}/follow
or on the command line:
  bin/postern follow --to ${origin} --receipt "the twelve words"

WHAT HAPPENS NEXT

${steps.join('\n')}

WHAT WAS STORED

  ${statement}
  This is the id of your signed report. The signed proof of receipt is a file of
  its own and holds no words: show that one when you must show something.
`
}

/** File names hold the number and say what is inside. */
export function receiptFileName({ number }: ReceiptShown): string {
  return `postern-${number}-receipt-keep-secret.txt`
}

export function proofFileName({ number }: ReceiptShown): string {
  return `postern-${number}-proof.json`
}

/** Four a line, each with its number. */
export function numbered(words: string): string {
  const all = words.split(' ')
  const width = Math.max(...all.map((word) => word.length)) + 3
  const rows: string[] = []
  for (let row = 0; row < all.length; row += 4) {
    const cells = all
      .slice(row, row + 4)
      .map((word, n) => `${String(row + n + 1).padStart(2)} ${word.padEnd(width)}`)
    rows.push(`  ${cells.join('').trimEnd()}`)
  }
  return rows.join('\n')
}
