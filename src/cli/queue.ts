import { openQueue } from '#client'
import { shownRow } from './case-text.ts'
import { enter, MEMBER_FLAGS } from './enter.ts'
import { answer, line, table } from './print.ts'
import { sayWhenSecurityTxtEnds } from './security-txt-alarm.ts'
import { readFlags, wordsAre } from './usage.ts'

/** `postern queue --to URL --as KEYFILE [--all]`: due first. */
export async function queue(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, { ...MEMBER_FLAGS, all: 'yes' })
  wordsAre(flags.words)
  const shift = await enter(flags)
  const { rows: found, broken } = await openQueue(shift, shift.keyring, flags.all)
  const rows = found.map((row) => shownRow(shift.view, row))
  answer(shift.print, { cases: rows }, () =>
    rows.length === 0
      ? ['Nothing is waiting. New reports appear here; the oldest that is due stands first.']
      : table([
          ['due', 'number', 'state', 'sort', 'taken', 'title', 'id'],
          ...rows.map((row) => [
            row.due === '' ? '–' : row.due.slice(0, 10),
            row.number,
            row.lane,
            row.sort === '' ? '–' : row.sort,
            row.taken === '' ? '–' : line(row.taken),
            row.title === '' ? '–' : line(row.title),
            row.id.slice(0, 16),
          ]),
        ]),
  )
  await sayWhenSecurityTxtEnds(shift)
  for (const each of broken)
    shift.print.say(
      `Case ${line(each.number)} is not shown: ${each.error.message} (${each.error.code})`,
    )
  const [first] = broken
  if (first !== undefined) throw first.error
}
