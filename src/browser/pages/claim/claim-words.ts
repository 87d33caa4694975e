import type { LinkState } from '#worker'
import { KEEP_THE_WORDS, numbered } from '../report/receipt-text.ts'

/** Why a link claims nothing. `unknown`: the desk has no such link; `cut`: it is not whole. */
export type DeadLink = Exclude<LinkState, 'open' | 'taken'> | 'unknown' | 'cut'

const ASK = 'Answer the mail that it came in, and ask for a new one.'

/** What happened, and what to do now. */
export const DEAD_LINKS: Readonly<Record<DeadLink, readonly [title: string, says: string]>> = {
  used: [
    'This link was used.',
    'It works once. If that was you, your twelve words open the report under “Follow a report”. If it was not you, somebody else can read your mail: write to the desk now, from another address if you have one, and name the report.',
  ],
  expired: ['This link has expired.', `It lives 30 days. ${ASK}`],
  over: [
    'There is nothing left to claim.',
    'The contents of this report were destroyed, as the desk’s record says. If you have something new, write a new report.',
  ],
  unknown: [
    'This link opens nothing here.',
    `It is not whole, too old, or of another desk. Copy it from your mail once more. ${ASK}`,
  ],
  cut: [
    'This link is not whole.',
    'It ends with a number sign and 32 characters. Copy all of it from your mail, and open it again.',
  ],
}

export type ClaimKept = {
  readonly number: string
  readonly words: string
  readonly keyWords: string
}

/** The words as a file: everything to come back with, readable in any editor and on paper. */
export function claimText({ number, words, keyWords }: ClaimKept, brand: string, origin: string) {
  return `CLAIM OF REPORT ${number}
${brand}

YOUR TWELVE WORDS

${numbered(words)}

  ${words}

${KEEP_THE_WORDS}
Keep this file as you would keep a key.

Once a person of the desk has accepted your claim they open the report at
  ${origin}/follow
or on the command line:
  bin/postern follow --to ${origin} --receipt "the twelve words"

YOUR KEY WORDS

${numbered(keyWords)}

  ${keyWords}

These are not secret. When somebody of the desk calls you, read them aloud: if
both lists are the same, nobody stands between you.
`
}

/** File names hold the number and say what is inside. */
export function claimFileName({ number }: Pick<ClaimKept, 'number'>): string {
  return `postern-${number}-words-keep-secret.txt`
}
