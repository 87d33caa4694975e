import type { Bytes, NoticeWish } from '#lexicon'
import type { HeldNews } from './held-news.ts'
import { type Letterhead, writeLetter } from './write-letter.ts'

export type Notice = {
  readonly letterhead: Letterhead
  readonly to: string
  /** Something changed since this member looked, or was told. */
  readonly changed: boolean
  /** A report has waited for five of its seven days. */
  readonly waits: boolean
  readonly wish: Exclude<NoticeWish, 'mute'>
  /** Milliseconds. */
  readonly now: number
  readonly messageId: string
}

/**
 * What a member gets when something changed. It says that and no more: which case, whose, how many and
 * what about stands nowhere in it, for mail is read on its way and in mailboxes.
 */
export function writeNotice(notice: Notice): Promise<Bytes> {
  const { letterhead, to, now, messageId } = notice
  return writeLetter({
    letterhead,
    to,
    subject: 'Something changed on your desk',
    text: textOf(notice),
    date: now,
    messageId,
    answers: '',
    replyTo: '',
    submitted: 'auto-generated',
  })
}

export type HeldNotice = Pick<Notice, 'letterhead' | 'to' | 'now' | 'messageId'> & HeldNews

/** That mail is held, and how many: nothing of whom or what about. */
export function writeHeldNotice({ fresh, late, ...notice }: HeldNotice): Promise<Bytes> {
  const { letterhead, to, now, messageId } = notice
  const { url } = letterhead
  const lines = [
    ...(fresh > 0 ? [`Held since you last looked: ${fresh}.`] : []),
    ...(late > 0 ? [`Held for more than five days now: ${late}.`] : []),
  ]
  return writeLetter({
    letterhead,
    to,
    subject: 'Mail is held at your desk',
    text: `Mail that no person seems to have written is held, until a coordinator frees
or bins it. One of them may be a report: look through them.

${lines.map((line) => `  ${line}`).join('\n')}

  ${url}/desk

You get this at most once a day. To get none:

  ${url}/desk/own

A program wrote this. Do not answer it: what is sent to its address is
taken for a report.
`,
    date: now,
    messageId,
    answers: '',
    replyTo: '',
    submitted: 'auto-generated',
  })
}

function textOf({ letterhead: { url }, changed, waits, wish }: Notice): string {
  return `${[...(changed ? [CHANGED] : []), ...(waits ? [WAITS] : [])].join('\n\n')}

  ${url}/desk

This notice does not say what it is about: mail can be read on its way.
${OFTEN[wish]} To change that, or to get none:

  ${url}/desk/own

A program wrote this. Do not answer it: what is sent to its address is
taken for a report.
`
}

const CHANGED = 'Something changed on your desk since you last looked.'
const WAITS = `A report has waited for more than five days, and nobody has acknowledged
it. The desk promises seven.`
const OFTEN = {
  once: 'You get one at most every hour.',
  daily: 'You get one at most every day, and another when a report waits too long.',
}
