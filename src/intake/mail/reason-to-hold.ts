import { headerValues, type HeldReason, kindOfMail, type MailHeaders } from '#lexicon'
import type { MailFacts } from '#seal'

/** A mail that began a case, and whether it is one of ours that came back. */
export type Suspect = {
  readonly headers: MailHeaders
  readonly facts: MailFacts
  readonly own: readonly string[]
  readonly ours: boolean
}

/**
 * Why a mail waits in the lane of held ones, `""` for most. Nothing is lost there: it is a case like every
 * other, with a clock of its own, which somebody frees or bins. A DNS that gives no answer holds nothing.
 */
export function reasonToHold({ headers, facts, own, ours }: Suspect): HeldReason {
  // Whoever brings an old mailbox in has read it.
  if (facts.way === 'import') return ''
  const kind = ours ? 'loop' : kindOfMail({ headers, from: facts.from, own })
  if (kind !== 'person') return kind
  const { verdict, policy } = facts.results.dmarc
  if (verdict === 'fail' && (policy === 'reject' || policy === 'quarantine')) return 'forged'
  // Anybody can write it into their own mail; nobody into that of another without carrying it.
  const flags = headerValues(headers, 'x-spam-flag')
  return flags.some((flag) => /^yes\b/i.test(flag)) ? 'spam' : ''
}
