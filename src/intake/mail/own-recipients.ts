import { domainToASCII } from 'node:url'

/**
 * Which recipients are this desk's: its addresses, and what stands behind a plus in them. Nothing else is
 * ever taken, so there is nothing to relay (R40).
 */
export function ownRecipients(addresses: readonly string[]): (address: string) => boolean {
  const own = new Set(addresses.map((address) => address.toLowerCase()))
  return (address) => {
    const { local, domain } = /^(?<local>[^@]+)@(?<domain>[^@]+)$/.exec(address)?.groups ?? {}
    if (local === undefined || domain === undefined) return false
    const [base = ''] = local.split('+', 1)
    return own.has(`${base.toLowerCase()}@${domainToASCII(domain)}`)
  }
}

/**
 * A path that is an address and nothing more. The library takes a source route for the address behind it
 * (RFC 5321, C) and lets odd local parts through: who names one here wants something else than to report.
 */
export function isPlainRecipient(command: string): boolean {
  return PLAIN.test(command)
}

const LABEL = '[^\\s<>@:,"%!.\\p{Cc}]+'
const PLAIN = new RegExp(
  `^RCPT TO:\\s*<\\w[\\w.+=~-]*@${LABEL}(?:\\.${LABEL})*>(?:\\s[^\\p{Cc}]*)?$`,
  'iu',
)
