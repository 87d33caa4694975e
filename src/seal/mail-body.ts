import {
  type Bytes,
  bytesOfText,
  concatBytes,
  LIMITS,
  MAIL_THREADS,
  MAIL_WAYS,
  textOfBytes,
  VERDICTS,
} from '#lexicon'
import { canonicalText, parseCanonical } from './canonical.ts'
import { exactly, type Form, type Formed, line, listOf, oneOf } from './form.ts'
import { demand, Refused } from './refused.ts'

/*
 * A mail as the letterbox sealed it (PROTOCOL 2.1): one canonical line of what the letterbox saw, LF, then
 * the mail byte for byte. The line is the server's word. Everything in the mail is its sender's.
 */

const verdict = oneOf(...VERDICTS)
const domain = line(0, 255)
const address = line(0, 320)
const isFlag: Form<boolean> = (value): value is boolean => typeof value === 'boolean'

/** At most so many of a list: a mail that was signed by a hundred domains says nothing by it. */
const SOME = 20

const some = <T>(form: Form<T>): Form<readonly T[]> => {
  const list = listOf(form)
  return (value): value is readonly T[] => list(value) && value.length <= SOME
}

const mailFacts = exactly({
  /** Who connected; empty where nobody did. */
  client: exactly({ helo: line(0, 255), ip: line(0, 45), tls: isFlag }),
  /** The sender of the envelope; `""` for the null sender. Never authority: anybody writes any. */
  from: address,
  results: exactly({
    arc: verdict,
    dkim: some(exactly({ domain, verdict })),
    dmarc: exactly({ domain, policy: line(0, 20), verdict }),
    spf: exactly({ domain, verdict }),
  }),
  /** How it found this case: what the server says, as all of this. */
  thread: oneOf(...MAIL_THREADS),
  /** The addresses of this desk that it was for. */
  to: some(address),
  way: oneOf(...MAIL_WAYS),
})

/** What the letterbox saw of a mail, with the results that it computed itself (R48). */
export type MailFacts = Formed<typeof mailFacts>

export type MailBody = {
  readonly facts: MailFacts
  /** Byte for byte as it came. */
  readonly raw: Bytes
}

const LF = 10

export function writeMail({ facts, raw }: MailBody): Bytes {
  return concatBytes(writeMailFacts(facts), raw)
}

/**
 * What stands before the mail: one line, LF. Throws `RangeError` for facts of the wrong form: the letterbox
 * cuts what strangers say before it writes.
 */
export function writeMailFacts(facts: MailFacts): Bytes {
  if (!mailFacts(facts))
    throw new RangeError('The facts of this mail have a field of the wrong form.')
  return bytesOfText(`${canonicalText({ ...facts })}\n`)
}

/** Throws `Refused` body when the payload does not begin with the facts of a mail. */
export function readMail(payload: Bytes): MailBody {
  const end = payload.subarray(0, LIMITS.head).indexOf(LF)
  demand(end > 0, 'body', 'This is not a mail as the letterbox seals it.')
  try {
    const facts: unknown = parseCanonical(textOfBytes(payload.slice(0, end)))
    demand(mailFacts(facts), 'body', 'The facts of this mail have a field of the wrong form.')
    return { facts, raw: payload.slice(end + 1) }
  } catch (cause) {
    if (cause instanceof Refused && cause.code === 'body') throw cause
    throw new Refused('body', 'This is not a mail as the letterbox seals it.', { cause })
  }
}
