import * as z from 'zod/mini'
import type { Endpoint } from './endpoint.ts'
import { emptyOr, mailAddress, time } from './shapes.ts'

const text = z.string().check(z.maxLength(1000))
const count = z.number().check(z.int(), z.gte(0))
const finding = z.strictObject({ level: z.enum(['good', 'look', 'bad']), what: text, todo: text })

/** How the desk takes and sends mail, for coordinators. Part of the one table. */
export const MAIL_ENDPOINTS = {
  readMailSettings: {
    method: 'get',
    path: '/api/v1/mail',
    summary: 'How this desk takes and sends mail, and what waits to be sent: never to whom',
    caller: 'coordinator',
    status: 200,
    answer: z.strictObject({
      addresses: z.array(mailAddress),
      /** What stands in From; `""` where nothing was said of mail. */
      from: emptyOr(mailAddress),
      /** Where SMTP is taken. */
      door: z.optional(z.strictObject({ host: text, port: count })),
      /** The mailbox that is emptied, and what was seen of it. */
      pull: z.optional(z.strictObject({ host: text, folder: text, findings: z.array(finding) })),
      relay: z.optional(
        z.strictObject({
          host: text,
          port: count,
          tls: z.enum(['required', 'opportunistic', 'none']),
          login: z.boolean(),
        }),
      ),
      /** Signed for this domain; `""` where it is not signed here. */
      dkim: text,
      counts: z.strictObject({
        waiting: count,
        sent: count,
        dead: count,
        expired: count,
        bounced: count,
      }),
      /** What is not sent, the newest first. */
      mails: z.array(
        z.strictObject({
          kind: text,
          /** The number of the case; `""` for what belongs to none. */
          case: text,
          state: text,
          at: time,
          tries: count,
          /** Digits, or a word of ours. */
          answer: text,
          next: emptyOr(time),
        }),
      ),
    }),
  },
  testMail: {
    method: 'post',
    path: '/api/v1/mail/test',
    summary: 'Send one test mail now, and say what was found on the way',
    caller: 'coordinator',
    fresh: true,
    body: z.strictObject({ to: mailAddress }),
    status: 200,
    answer: z.strictObject({ sent: z.boolean(), findings: z.array(finding) }),
  },
} as const satisfies Record<string, Endpoint>
