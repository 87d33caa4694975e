import type { Bytes, DeliveryReport, KindOfMail } from '#lexicon'
import type { CaseHead, MailFacts } from '#seal'
import type { Sender } from './mail-sender.ts'

/** A mail of a case before anybody reads it: what the letterbox saw, and what its head says. */
export type Mail = {
  /** The server's word. */
  readonly facts: MailFacts
  readonly sender: Sender
  /** As it stands outside; `""` without one. */
  readonly subject: string
  /** What wrote it, by its head: a claim as well. */
  readonly kind: KindOfMail
  /** Of a bounce: what it says of the mail that it gives back. */
  readonly returned: DeliveryReport | undefined
  /** Its sender's clock, as they wrote it. */
  readonly date: string
  /** Bytes, as it came. */
  readonly size: number
  /** The whole mail is one OpenPGP message: readable for nobody on its way. */
  readonly sealed: boolean
  /** As it came, while it is small: a large one is fetched again by whoever wants it. */
  readonly raw: Bytes | undefined
}

/** Mails without large attachments stay at hand, others would fill the memory of whoever reads a queue. */
export const KEPT = 1024 * 1024

/** Did the letterbox seal what is under this head? */
export function isMailHead(head: CaseHead): boolean {
  if (head.type === 'case.mail') return true
  return head.type === 'case.open' && MAILED.has(head.source)
}

const MAILED: ReadonlySet<string> = new Set(['mail', 'pgp', 'import'])
