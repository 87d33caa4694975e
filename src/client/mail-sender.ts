import { isWithinDomain, statedAddress } from '#lexicon'
import type { MailFacts } from '#seal'
import { decodeWords } from './encoded-words.ts'
import { isVouchedFor } from './is-vouched-for.ts'

/**
 * Why a From is not what it seems. `unclear`: programs read it as different addresses; `name-is-address`: the
 * name in front holds an address, other than the one behind; `other-domain`: what DMARC confirmed is not it.
 */
export type SenderDoubt = 'none' | 'several' | 'unclear' | 'name-is-address' | 'other-domain'

/** Who a mail says that it is from. A claim, whatever stands here (R47): nothing is decided by it. */
export type Sender = {
  /** Every From as its sender wrote it, decoded. */
  readonly shown: string
  /** `""` where it is not clear which one it is. */
  readonly address: string
  readonly doubts: readonly SenderDoubt[]
  /** The domain of the address sent it, whoever in it: by DMARC, by its signature, or by SPF where it has no policy. */
  readonly confirmed: boolean
}

export function senderOf(values: readonly string[], { results }: MailFacts): Sender {
  const shown = values.map(decodeWords).join(' | ')
  const [value = ''] = values
  if (values.length !== 1) {
    const doubt = values.length === 0 ? 'none' : 'several'
    return { shown, address: '', doubts: [doubt], confirmed: false }
  }
  const address = statedAddress(value)
  if (address === undefined) return { shown, address: '', doubts: ['unclear'], confirmed: false }
  const domain = domainOf(address)
  const { dmarc, dkim } = results
  // DMARC names the organisation (RFC 9989), of whose domains this is one.
  const other = dmarc.verdict === 'pass' && !isWithinDomain(domain, dmarc.domain)
  // The letterbox saw no From, or several, where we see one: the signature may be over another one.
  const unsure = dmarc.verdict === 'permerror'
  const signed = dkim.some(
    (each) => each.verdict === 'pass' && each.domain.toLowerCase() === domain,
  )
  return {
    shown,
    address,
    doubts: [
      ...(isNamedOtherwise(shown, address) ? ['name-is-address' as const] : []),
      ...(other ? ['other-domain' as const] : []),
      ...(unsure && signed ? ['unclear' as const] : []),
    ],
    confirmed: isVouchedFor(address, results),
  }
}

/** In the name, in a comment, or with the wide letters that people read as the usual ones. */
function isNamedOtherwise(shown: string, address: string): boolean {
  const words = shown
    .normalize('NFKC')
    .toLowerCase()
    .split(/[\s<>()[\]"',;:]+/)
  return words.some((word) => word.includes('@') && word !== address.toLowerCase())
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase()
}
