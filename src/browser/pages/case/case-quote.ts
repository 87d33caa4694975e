import type { CaseShown } from '#worker'
import { openingOf } from './case-words.ts'

/**
 * The report as a message to people who are added later: the report itself is sealed to the desk and to its
 * reporter for good. Who reported it, how to reach them and what they attached is not part of the quote.
 * `""` where this person does not read the report.
 */
export function quoteOf(shown: CaseShown): string {
  const text = openingOf(shown)?.text.trim() ?? ''
  if (text === '') return ''
  const lines = text.split(/\r?\n/).map((line) => (line === '' ? '>' : `> ${line}`))
  return `The report of ${shown.number}, quoted:\n\n${lines.join('\n')}\n`
}
