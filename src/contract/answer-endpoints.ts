import * as z from 'zod/mini'
import { LIMITS } from '#lexicon'
import type { Endpoint } from './endpoint.ts'
import { base64, emptyOr, hash, mailAddress, time } from './shapes.ts'

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
      from: emptyOr(mailAddress),
      /** Whether there is a relay: without one mail waits. */
      relay: z.boolean(),
      /** Where answers to mails of this case go; `""` where that is the same as From. */
      reply_to: emptyOr(mailAddress),
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
