import type { MailFacts } from '#seal'

/** What the session saw, before it is cut to the form. */
export type SeenMail = Pick<MailFacts, 'client' | 'from' | 'to' | 'results' | 'way'>

/** Strangers say what they like, at any length: cut here, for `writeMail` takes nothing else. */
export function mailFacts({ client, from, to, results, way }: SeenMail): MailFacts {
  const { arc, dkim, dmarc, spf } = results
  return {
    client: { helo: cut(client.helo, 255), ip: cut(client.ip, 45), tls: client.tls },
    from: cut(from, 320),
    results: {
      arc,
      dkim: dkim
        .slice(0, SOME)
        .map(({ domain, verdict }) => ({ domain: cut(domain, 255), verdict })),
      dmarc: {
        domain: cut(dmarc.domain, 255),
        policy: cut(dmarc.policy, 20),
        verdict: dmarc.verdict,
      },
      spf: { domain: cut(spf.domain, 255), verdict: spf.verdict },
    },
    to: to.slice(0, SOME).map((address) => cut(address, 320)),
    // Found out when it is taken.
    thread: 'new',
    way,
  }
}

const SOME = 20

/** Without control characters and half letters, which no canonical text holds. */
function cut(text: string, most: number): string {
  return text
    .replace(/\p{Cc}/gu, '')
    .toWellFormed()
    .slice(0, most)
    .toWellFormed()
}
