import type { Bytes, NoticeWish } from '#lexicon'
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
