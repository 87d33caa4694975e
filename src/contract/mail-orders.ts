import * as z from 'zod/mini'
import { LIMITS } from '#lexicon'
import type { Endpoint } from './endpoint.ts'
import { base64, claimOffer, emptyOr, hash, mailAddress, time } from './shapes.ts'

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

/** What became of a mail of a case. Whom it went to stands nowhere. */
const delivery = z.strictObject({
  kind: z.string().check(z.maxLength(40)),
  state: z.string().check(z.maxLength(40)),
  /** Since when. */
  at: time,
  /** The digits of the other side, or a word for why it never came to that. */
  answer: z.string().check(z.maxLength(80)),
  /** The message that it left with; `""` for a receipt. */
  statement: emptyOr(hash),
  /** When it is tried again. */
  next: emptyOr(time),
})

export type Delivery = z.infer<typeof delivery>

export const ANSWER_ENDPOINTS = {
  readDeliveries: {
    method: 'get',
    path: '/api/v1/cases/{id}/deliveries',
    summary: 'What became of the mails of a case, and how the desk sends mail',
    caller: 'coordinator',
    params: z.strictObject({ id: hash }),
    status: 200,
    answer: z.strictObject({
      /** The address in From; `""` where the desk has none. */
      from: z.string().check(z.maxLength(320)),
      /** Whether there is a relay: without one mail waits. */
      relay: z.boolean(),
      /** Where answers to mails of this case go; `""` where that is the same as From. */
      reply_to: z.string().check(z.maxLength(400)),
      deliveries: z.array(delivery).check(z.maxLength(500)),
    }),
  },
  lookUpKey: {
    method: 'post',
    path: '/api/v1/keys/lookup',
    summary: 'Ask the domain of an address for its OpenPGP key (WKD)',
    caller: 'coordinator',
    body: z.strictObject({ address: mailAddress }),
    status: 200,
    answer: z.strictObject({
      /** Whatever the domain gave, unjudged; `""` for nothing. */
      certificate: emptyOr(base64(LIMITS.foundKey)),
    }),
  },
} as const satisfies Record<string, Endpoint>
