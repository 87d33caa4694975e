import { createKeyring, followReport, openTimeline, sendMessage } from '#client'
import { attachmentsOf, messageLines, warnBroken } from './case-text.ts'
import { DESK_FLAGS, pause, progress, visit } from './enter.ts'
import { readText, sourcesOf } from './files.ts'
import { answer } from './print.ts'
import { needed, readFlags, UsageError, wordsAre } from './usage.ts'

/** `postern follow --to URL --receipt "…" [--reply FILE|-] [--attach FILE]…` */
export async function follow(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, { ...DESK_FLAGS, receipt: 'text', reply: 'text', attach: 'many' })
  wordsAre(flags.words)
  const words = needed(flags.receipt, '--receipt "twelve words"')
  if (flags.reply === undefined && flags.attach.length > 0)
    throw new UsageError('Files go with a reply: give --reply FILE too.')
  const reply = flags.reply === undefined ? undefined : await readText(flags.reply)
  const files = await sourcesOf(flags.attach)
  const { view, print } = await visit(flags)
  const { self, within: found } = await followReport(view, words)
  let within = found
  if (reply !== undefined) {
    const desk = { view, self, wait: pause, progress }
    within = await sendMessage(desk, found, 'all', { text: reply, files })
  }
  const timeline = await openTimeline(view, within, self, createKeyring(view, self))
  const { fold, number } = within
  const state = fold.state === 'open' && fold.acknowledged === '' ? 'received' : stateOf(fold.state)
  const messages = timeline.messages.map(({ from, at, text, facts, files: entries }) => ({
    from,
    at,
    text,
    facts,
    attachments: attachmentsOf(entries),
  }))
  answer(print, { number, state, messages }, () => [
    `Report ${number}: ${state}`,
    ...timeline.messages.flatMap(messageLines),
  ])
  warnBroken(print, timeline.broken)
}

/** An open case was acknowledged, or it would be `received`. */
function stateOf(state: string): string {
  return state === 'open' ? 'acknowledged' : state
}
