import type { CaseShown, FoundShown, MessageShown } from './shown.ts'

const MOST = 200
const AROUND = 60

type OpenedHere = {
  readonly cases: ReadonlyMap<
    string,
    { readonly shown: Pick<CaseShown, 'number' | 'title' | 'entries'> }
  >
  readonly titles: ReadonlyMap<string, { readonly number: string; readonly title: string }>
  /** What the page read in mails, by entry. */
  readonly mailTexts: ReadonlyMap<string, string>
}

/**
 * Every word must occur, in any order. Only what was opened since unlocking is looked through: there is no
 * index of readable text, at rest or at the server, and the answer says what was not searched.
 */
export function findInOpened({ cases, titles, mailTexts }: OpenedHere, text: string): FoundShown {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  const hits: FoundShown['hits'][number][] = []
  const holds = (candidate: string) => {
    const lower = candidate.toLowerCase()
    return words.length > 0 && words.every((word) => lower.includes(word))
  }
  for (const [id, { number, title }] of titles)
    if (holds(`${number} ${title}`)) hits.push({ id, number, title, seq: -1, excerpt: '' })
  for (const [id, { shown }] of cases) {
    const { number, title } = shown
    for (const entry of shown.entries) {
      if (entry.kind !== 'message') continue
      const said = saidIn(entry, mailTexts)
      if (!holds(said)) continue
      const excerpt = around(said, words[0] ?? '')
      hits.push({ id, number, title, seq: entry.seq, excerpt })
    }
  }
  const onlyTitles = [...titles.keys()].filter((id) => !cases.has(id)).length
  return { hits: hits.slice(0, MOST), searched: cases.size, onlyTitles }
}

function saidIn({ id, text, mail }: MessageShown, mailTexts: OpenedHere['mailTexts']): string {
  if (mail === undefined) return text
  return `${mail.from.shown}\n${mail.subject}\n${mailTexts.get(id) ?? ''}`
}

function around(text: string, word: string): string {
  const at = text.toLowerCase().indexOf(word)
  const from = Math.max(0, at - AROUND)
  const cut = text
    .slice(from, at + word.length + AROUND)
    .replace(/\s+/g, ' ')
    .trim()
  return `${from > 0 ? '… ' : ''}${cut}${at + word.length + AROUND < text.length ? ' …' : ''}`
}
