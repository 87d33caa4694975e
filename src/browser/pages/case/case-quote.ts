import { quotedReport } from '#lexicon'
import type { CaseShown } from '#worker'
import { openingOf } from './case-words.ts'

/** The report quoted, to be seen before it is sent. `""` where this person does not read the report. */
export function quoteOf(shown: CaseShown): string {
  return quotedReport(shown.number, openingOf(shown)?.text ?? '')
}
