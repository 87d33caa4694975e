import { isFromElsewhere, type Mail } from '#client'
import type { MailShown } from './shown.ts'

/** A mail before it is read, in plain data. */
export function mailShown(mail: Mail, first: Mail | undefined): MailShown {
  const { facts, sender, subject, kind, returned, date, size, sealed } = mail
  const { spf, dkim, dmarc, arc } = facts.results
  return {
    way: facts.way,
    thread: facts.thread,
    kind,
    returned: returned && { ...returned },
    elsewhere: isFromElsewhere(mail, first),
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
