import { headerValues, kindOfMail, mailboxOf, readDeliveryReport, readMailHeaders } from '#lexicon'
import type { MailBody } from '#seal'
import { decodeWords } from './encoded-words.ts'
import { KEPT, type Mail } from './mail.ts'
import { pgpMailIn } from './mail-parts.ts'
import { senderOf } from './mail-sender.ts'

/** What is said of a mail before it is read. A reporter's page has another one of these: see tools/build-browser-script.ts. */
export function mailOf({ facts, raw }: MailBody): Mail {
  const headers = readMailHeaders(raw)
  const first = (name: string) => decodeWords(headerValues(headers, name)[0] ?? '')
  const kind = kindOfMail({ headers, from: facts.from, own: facts.to })
  return {
    facts,
    sender: senderOf(headerValues(headers, 'from'), facts),
    subject: first('subject'),
    kind,
    returned: kind === 'bounce' ? readDeliveryReport(raw, headers) : undefined,
    date: first('date'),
    size: raw.length,
    sealed: pgpMailIn(raw) !== undefined,
    raw: raw.length <= KEPT ? raw : undefined,
  }
}

/**
 * Does a mail say that it is from somebody else than the first of its case? Both are claims: it may be the
 * same person from another machine, or somebody whom they showed the address. What is not clear is said apart.
 */
export function isFromElsewhere({ kind, sender }: Mail, first: Mail | undefined): boolean {
  const addresses = [sender.address, first?.sender.address ?? '']
  if (kind === 'bounce' || addresses.includes('')) return false
  const [one, other] = addresses.map(mailboxOf)
  return one !== other
}
