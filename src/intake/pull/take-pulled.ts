import { type Bytes, DAY, headerValues, readMailHeaders } from '#lexicon'
import type { MailDeps } from '../intake-deps.ts'
import { authenticateMail, type Resolve } from '../mail/authenticate-mail.ts'
import { mailFacts, type SeenMail } from '../mail/mail-facts.ts'
import { ownRecipients } from '../mail/own-recipients.ts'
import { type Taken, takeMail } from '../mail/take-mail.ts'

export type PulledDeps = {
  readonly mail: MailDeps
  /** The desk's own. */
  readonly addresses: readonly string[]
  readonly resolve: Resolve
}

/** Senders' servers give up after five days: what lay longer was not sent just now. */
const FRESH = 5 * DAY

/**
 * Files a mail of a mailbox, as one that came by SMTP. Nobody connected, so there is nobody to ask SPF
 * about, and the envelope is what the mailbox wrote of it. A mail that lay there for long gets no receipt:
 * whoever begins to pull an old mailbox does not answer all of it.
 */
export async function takePulled(
  { mail, addresses, resolve }: PulledDeps,
  { raw, arrived }: { readonly raw: Bytes; readonly arrived: number },
): Promise<Taken> {
  const seen = envelopeOf(raw, addresses)
  const results = await authenticateMail({ ...seen, raw }, resolve)
  const facts = mailFacts({ ...seen, results, way: 'imap' })
  const { receipts: _, ...silent } = mail
  const fresh = Math.abs(mail.clock() - arrived) <= FRESH
  return takeMail(fresh ? mail : silent, { facts, raw })
}

/** What the mailbox wrote above the mail when it came (RFC 5321, 4.4). */
export function envelopeOf(
  raw: Bytes,
  addresses: readonly string[],
): Pick<SeenMail, 'client' | 'from' | 'to'> {
  const headers = readMailHeaders(raw)
  const isOwn = ownRecipients(addresses)
  const to = FOR_WHOM.flatMap((name) => headerValues(headers, name))
    .flatMap((value) => value.split(/[\s<>()[\]",;:]+/))
    .filter(isOwn)
  const paths = headerValues(headers, 'return-path')
  const names = headers.fields.map(({ name }) => name)
  const received = names.indexOf('received')
  // What stands below the line of a server came with the mail, and of two one is its sender's. Every doubt is
  // nobody, and nobody is answered.
  const written = paths.length === 1 && names.indexOf('return-path') < received
  const path = written ? /^<([^<>\s]*)>$/.exec(paths[0] ?? '') : null
  return {
    client: { helo: '', ip: '', tls: false },
    from: path?.[1] ?? '',
    to: [...new Set(to)],
  }
}

const FOR_WHOM = ['delivered-to', 'x-original-to', 'envelope-to', 'to', 'cc']
