import { headerValues, readMailHeaders } from '#lexicon'
import type { MailBody } from '#seal'
import { decodeWords } from './encoded-words.ts'
import type { Mail } from './mail.ts'
import { pgpMailIn } from './mail-parts.ts'
import { senderOf } from './mail-sender.ts'

/** Mails without large attachments stay at hand, others would fill the memory of whoever reads a queue. */
const KEPT = 1024 * 1024

/** What is said of a mail before it is read. A reporter's page has another one of these: see tools/build-browser-script.ts. */
export function mailOf({ facts, raw }: MailBody): Mail {
  const headers = readMailHeaders(raw)
  const first = (name: string) => decodeWords(headerValues(headers, name)[0] ?? '')
  return {
    facts,
    sender: senderOf(headerValues(headers, 'from'), facts),
    subject: first('subject'),
    date: first('date'),
    size: raw.length,
    sealed: pgpMailIn(raw) !== undefined,
    raw: raw.length <= KEPT ? raw : undefined,
  }
}
