import { base64OfBytes, bytesOfBase64 } from '#lexicon'
import { canonicalText, type Json, type MailFacts, readMail, writeMail } from '#seal'
import { CheckFailed } from './check-failed.ts'

export type MailVector = {
  readonly format: 'mail'
  /** What is sealed, opened. */
  readonly payload: string
  readonly facts?: MailFacts
  readonly raw?: string
}

/** `facts`, `raw`: it reads otherwise. `written`: what was read is written otherwise. */
export function judgeMail({ payload, facts, raw }: MailVector): void {
  const read = readMail(bytesOfBase64(payload))
  if (facts !== undefined && textOf(facts) !== textOf(read.facts))
    throw new CheckFailed('facts', textOf(read.facts))
  if (raw !== undefined && raw !== base64OfBytes(read.raw))
    throw new CheckFailed('raw', 'other bytes')
  if (base64OfBytes(writeMail(read)) !== payload) throw new CheckFailed('written', 'other bytes')
}

function textOf(facts: MailFacts): string {
  const json: Json = { ...facts }
  return canonicalText(json)
}
