import * as z from 'zod/mini'
import { LIMITS } from '#lexicon'
import { claimOffer, emptyOr, mailAddress, time } from './shapes.ts'

/** A Message-ID of somebody else, in the one form in which it goes into a field of ours; `""` for none. */
const messageId = emptyOr(z.string().check(z.regex(/^<[!-;=?-~]{1,240}>$/)))
const subject = z.string().check(z.maxLength(200), z.regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u))
const to = mailAddress

/**
 * What leaves by mail together with a batch. `answer`: an OpenPGP message that the client made, in armor;
 * `plain`: text that everybody on its way can read; `notice`: that there is an answer, and not a word of it.
 */
const mailOrder = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('answer'),
    to,
    /** The date inside, for the head outside to say the same. */
    date: time,
    answers: messageId,
    armored: z.string().check(z.minLength(64), z.maxLength(LIMITS.mailAnswer)),
  }),
  z.strictObject({
    kind: z.literal('plain'),
    to,
    subject,
    text: z.string().check(z.minLength(1), z.maxLength(LIMITS.text)),
    answers: messageId,
  }),
  z.strictObject({
    kind: z.literal('notice'),
    to,
    answers: messageId,
    /** For a reporter without words: what the desk keeps of a claim code, and the code for the mail, hex. */
    claim: z.optional(
      z.strictObject({ offer: claimOffer, code: z.string().check(z.regex(/^[0-9a-f]{32}$/)) }),
    ),
  }),
])
export const mailOrders = z.array(mailOrder).check(z.maxLength(5))

export type MailOrder = z.infer<typeof mailOrder>
