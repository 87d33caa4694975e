import { isWithinDomain } from './is-within-domain.ts'

/** Did a signature (DKIM) hold that speaks for this address? One of somebody else says nothing about it. */
export function isSignedFor(
  address: string,
  dkim: readonly { readonly domain: string; readonly verdict: string }[],
): boolean {
  const domain = address.slice(address.lastIndexOf('@') + 1)
  return dkim.some((each) => each.verdict === 'pass' && isWithinDomain(domain, each.domain))
}
