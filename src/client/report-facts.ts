import { REPORT_KINDS, type ReportKind } from '#lexicon'
import { ClientError } from './client-error.ts'

/** What a reporter says beside the text; `""` where they said nothing. All of it is a claim. */
export type ReportFacts = {
  readonly project: string
  readonly kind: ReportKind | ''
  readonly name: string
  readonly contact: string
}

export const NO_FACTS: ReportFacts = { project: '', kind: '', name: '', contact: '' }

/** In this order, each at most once. */
const LABELS = [
  ['Project', 'project'],
  ['Kind', 'kind'],
  ['Name', 'name'],
  ['Contact', 'contact'],
] as const satisfies readonly (readonly [string, keyof ReportFacts])[]

/** Stands where facts would, when a text without any ends as if it had some. */
const NONE = 'Facts: none'

const LONGEST = 200

/** One line, with a word in it, that shows as what it is. */
export function isFact(value: string): boolean {
  const shown = !/[\p{Cc}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}/u.test(value)
  return shown && value !== '' && value.length <= LONGEST && value.trim() === value
}

/**
 * The text as it is sealed, with the facts behind it for people and programs to read: an empty line, one
 * line per fact, the end. Only the last paragraph counts, so nothing that the text says becomes a fact,
 * and no value can begin another line. Throws `ClientError` problem for a value that is no line.
 */
export function withFacts(text: string, facts: ReportFacts): string {
  if (!LABELS.every(([, fact]) => facts[fact] === '' || isFact(facts[fact])))
    throw new ClientError(
      'problem',
      `Project, name and contact are one line each, of at most ${LONGEST} characters.`,
    )
  const lines = factLines(facts)
  if (lines.length === 0 && readTrailer(text) === undefined) return text
  return `${text.trimEnd()}\n\n${(lines.length === 0 ? [NONE] : lines).join('\n')}\n`
}

/** The text without its facts, and the facts. A text that does not end in exactly the form above has none. */
export function readFacts(whole: string): { readonly text: string; readonly facts: ReportFacts } {
  return readTrailer(whole) ?? { text: whole, facts: NO_FACTS }
}

/** One line per fact that was given, as they stand in the sealed text. */
export function factLines(facts: ReportFacts): readonly string[] {
  return LABELS.filter(([, fact]) => facts[fact] !== '').map(
    ([label, fact]) => `${label}: ${facts[fact]}`,
  )
}

function readTrailer(whole: string) {
  const start = whole.lastIndexOf('\n\n')
  if (start < 0 || !whole.endsWith('\n')) return undefined
  const text = whole.slice(0, start)
  const lines = whole.slice(start + 2, -1).split('\n')
  if (lines.join() === NONE) return { text, facts: NO_FACTS }
  let facts = NO_FACTS
  let next = 0
  for (const line of lines) {
    const place = LABELS.findIndex(([label]) => line.startsWith(`${label}: `))
    const [label, fact] = LABELS[place] ?? []
    if (label === undefined || fact === undefined || place < next) return undefined
    const value = line.slice(label.length + 2)
    if (!isFact(value) || (fact === 'kind' && !isKind(value))) return undefined
    facts = { ...facts, [fact]: value }
    next = place + 1
  }
  return { text, facts }
}

function isKind(value: string): value is ReportKind {
  return REPORT_KINDS.some((kind) => kind === value)
}
