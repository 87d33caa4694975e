import { checkClaimLink, claimCase, newClaimant } from '#client'
import { DESK_FLAGS, visit } from './enter.ts'
import { answer, line } from './print.ts'
import { readFlags, UsageError, wordsAre } from './usage.ts'

/** `postern claim LINK`: makes keys for the case of a mail, with the link that a mail of the desk brought. */
export async function claim(args: readonly string[]): Promise<void> {
  const { to: _, ...own } = DESK_FLAGS
  const flags = readFlags(args, own)
  const [text] = wordsAre(flags.words, 'LINK')
  const { origin, fragment } = partsOf(text)
  const { view, print } = await visit({ ...flags, to: origin })
  const link = await checkClaimLink(view, fragment)
  if (link.state !== 'open') throw new UsageError(SAYS[link.state])
  const claimant = await newClaimant(view)
  const { words, keyWords } = claimant
  // Before the link is used up: words that nobody saw would open nothing for anybody.
  if (!print.json)
    print.say(`
Your twelve words for report ${line(link.number)}. Write them down; nobody can send them to you again:

    ${words}
`)
  const state = await claimCase(view, link, claimant)
  if (state !== 'taken') throw new UsageError(SAYS[state])
  answer(print, { number: link.number, receipt: words, keyWords }, () => [
    `Your claim of report ${line(link.number)} is at the desk. Once a person has accepted it:`,
    '',
    `    postern follow --to ${origin} --receipt "the twelve words"`,
    '',
    `Key words, to read aloud when somebody of the desk calls you: ${keyWords}`,
  ])
}

const SAYS = {
  open: 'The desk did not take this claim: try again.',
  taken: 'The desk answered about another claim: try again.',
  used: 'This link was used. If it was not by you, somebody else reads your mail: tell the desk.',
  expired: 'This link has expired: answer the mail that it came in, and ask for a new one.',
  over: 'The contents of this report were destroyed: there is nothing left to claim.',
} as const

function partsOf(text: string): { readonly origin: string; readonly fragment: string } {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || url.pathname !== '/claim' || url.hash.length < 2)
    throw new UsageError('Give the whole link as it stands in the mail, in quotes.')
  return { origin: url.origin, fragment: url.hash.slice(1) }
}
