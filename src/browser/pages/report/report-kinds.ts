import type { ReportKind } from '#lexicon'

export type KindOption = {
  readonly value: ReportKind
  readonly label: string
  readonly hint: string
}

/** In the order of the page. */
export const REPORT_KIND_OPTIONS: readonly KindOption[] = [
  { value: 'vulnerability', label: 'A vulnerability', hint: 'Somebody could do harm with it.' },
  {
    value: 'exploited',
    label: 'Attackers use it already',
    hint: 'Say so in the text too, and what you saw.',
  },
  {
    value: 'takeover',
    label: 'A package or account was taken over',
    hint: 'A stolen token, a name that looks like ours, a release that nobody made.',
  },
  {
    value: 'question',
    label: 'A question, or I am not sure',
    hint: 'Also fine. A person reads it.',
  },
]
