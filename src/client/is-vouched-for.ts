import { headerValues, isSignedFor, isWithinDomain, readMailHeaders } from '#lexicon'
import type { MailFacts } from '#seal'

type Results = MailFacts['results']

/**
 * Does the domain of this address say that it sent the mail? By DMARC; where it publishes no policy by a signature
 * of its own, or by SPF for the very same domain; while its name servers are away by the signature alone, for a
 * sender can make them late. Of a domain that says nothing anybody may write in its name.
 */
export function isVouchedFor(address: string, { dmarc, dkim, spf }: Results): boolean {
  if (dmarc.verdict === 'pass') return isWithinDomain(domainOf(address), dmarc.domain)
  // Fail, or a head that was made so that nobody can check it, or nobody asked.
  if (dmarc.verdict !== 'none' && dmarc.verdict !== 'temperror') return false
  return isSignedFor(address, dkim) || (dmarc.verdict === 'none' && isSentBy(address, spf))
}

/**
 * Did the domain vouch for this field of the head as well? A signature holds also where somebody added a field that
 * it does not name, and sent the mail once more: then every one of that domain has to name it.
 */
export function isFieldVouchedFor(
  field: string,
  address: string,
  { spf }: Results,
  raw: Uint8Array,
): boolean {
  if (isSentBy(address, spf)) return true
  const named = headerValues(readMailHeaders(raw), 'dkim-signature').flatMap((value) => {
    const tags = value.split(';').map((tag) => /^\s*([a-z]+)\s*=(.*)$/is.exec(tag))
    const of = (name: string) =>
      tags
        .find((tag) => tag?.[1] === name)?.[2]
        ?.replace(/\s+/g, '')
        .toLowerCase() ?? ''
    return isWithinDomain(domainOf(address), of('d')) ? [of('h').split(':')] : []
  })
  return named.length > 0 && named.every((fields) => fields.includes(field))
}

function isSentBy(address: string, { domain, verdict }: Results['spf']): boolean {
  return verdict === 'pass' && domain.toLowerCase() === domainOf(address)
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase()
}
