import type { ReportKind } from '#lexicon'
import { visibleLine } from '../visible-text.ts'

/** What reporters say that it is: their word, in ours. */
const KIND_WORDS: Readonly<Record<ReportKind, string>> = {
  vulnerability: 'A vulnerability',
  exploited: 'Said to be exploited',
  takeover: 'Package or account taken over',
  question: 'A question',
}

/** As a fact of the report; `""` where nothing was said. */
export function kindWord(kind: string): string {
  return isKnown(kind) ? KIND_WORDS[kind] : visibleLine(kind)
}

/** Beside a title: an ordinary report of a weakness needs no word. */
export function kindMark(kind: string): string {
  return isKnown(kind) && kind !== 'vulnerability' ? KIND_WORDS[kind] : ''
}

/** The claim that is worth waking somebody for is loud; the others are words among words. */
export function kindTone(kind: string): 'late' | 'plain' {
  return kind === 'exploited' ? 'late' : 'plain'
}

function isKnown(kind: string): kind is ReportKind {
  return Object.hasOwn(KIND_WORDS, kind)
}
