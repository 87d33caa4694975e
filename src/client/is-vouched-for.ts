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
 * it does not name, or another one above those that it names, and sent the mail once more: then every signature has
 * to name the field as often as it stands there. Every one, whatever its domain: which of them held is not said here.
 */
export function isFieldVouchedFor(
  field: string,
  address: string,
  { spf }: Results,
  raw: Uint8Array,
): boolean {
  if (isSentBy(address, spf)) return true
  const headers = readMailHeaders(raw)
  // Below what was read may stand a signature, in a line that is no field a field to whoever checked it.
  if (!headers.whole || !headers.plain) return false
  const present = headerValues(headers, field).length
  const named = headerValues(headers, 'dkim-signature').map(
    (value) => fieldsNamedBy(value).filter((each) => each === field).length,
  )
  return present > 0 && named.length > 0 && named.every((times) => times >= present)
}

/** RFC 6376, 3.5: the tag h. With two of them a signature is none. */
function fieldsNamedBy(signature: string): readonly string[] {
  const [fields = '', ...more] = signature.split(';').flatMap((tag) => {
    const [, name, value = ''] = /^\s*([a-z]+)\s*=(.*)$/is.exec(tag) ?? []
    return name?.toLowerCase() === 'h' ? [value.replace(/\s+/g, '').toLowerCase()] : []
  })
  return more.length > 0 ? [] : fields.split(':')
}

function isSentBy(address: string, { domain, verdict }: Results['spf']): boolean {
  return verdict === 'pass' && domain.toLowerCase() === domainOf(address)
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase()
}
