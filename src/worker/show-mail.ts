import type { Mail } from '#client'
import type { MailShown } from './shown.ts'

/** A mail before it is read, in plain data. */
export function mailShown(mail: Mail): MailShown {
  const { facts, sender, subject, date, size, sealed } = mail
  const { spf, dkim, dmarc, arc } = facts.results
  return {
    way: facts.way,
    client: { ...facts.client },
    envelope: facts.from,
    to: [...facts.to],
    results: {
      spf: { ...spf },
      dkim: dkim.map((each) => ({ ...each })),
      dmarc: { domain: dmarc.domain, verdict: dmarc.verdict },
      arc,
    },
    from: { ...sender, doubts: [...sender.doubts] },
    subject,
    date,
    size,
    sealed,
  }
}
