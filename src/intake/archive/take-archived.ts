import type { Bytes, Verdict } from '#lexicon'
import type { MailDeps } from '../intake-deps.ts'
import { mailFacts } from '../mail/mail-facts.ts'
import { type Taken, takeMail } from '../mail/take-mail.ts'
import { envelopeOf } from '../pull/take-pulled.ts'

/**
 * Files a mail of an old archive as a case of its own. Nobody is answered, and no name server is asked: the
 * keys of then are gone, so their word would be about today.
 */
export async function takeArchived(
  deps: MailDeps,
  addresses: readonly string[],
  raw: Bytes,
): Promise<Taken> {
  const seen = envelopeOf(raw, addresses)
  const { receipts: _, answers: __, ...silent } = deps
  return takeMail(silent, { facts: mailFacts({ ...seen, results: UNASKED, way: 'import' }), raw })
}

const SKIPPED: Verdict = 'skipped'
const UNASKED = {
  arc: SKIPPED,
  dkim: [],
  dmarc: { domain: '', policy: '', verdict: SKIPPED },
  spf: { domain: '', verdict: SKIPPED },
}
