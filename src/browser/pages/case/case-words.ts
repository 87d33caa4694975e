import type {
  ActShown,
  CaseShown,
  EntryShown,
  MessageShown,
  PersonShown,
  ThreadName,
} from '#worker'

/** What opened the case, where this person reads it: what the case is about. */
export function openingOf(shown: CaseShown): MessageShown | undefined {
  const opening = shown.entries.find(({ seq }) => seq === 0)
  return opening?.kind === 'message' ? opening : undefined
}

/** Is there somebody outside the desk to whom an answer is owed? */
export function hasReporter(shown: CaseShown): boolean {
  if (shown.due !== '') return true
  return shown.threads.some(({ readers }) => readers.some(({ trust }) => trust === 'reporter'))
}

const MAILED = ['mail', 'pgp', 'import']

export function isFromMail(source: string): boolean {
  return MAILED.includes(source)
}

/** It came by mail, and whoever sent it holds no key of this case: what is written here does not get to them. */
export function isOutOfReach({ source, threads }: CaseShown): boolean {
  const reads = threads.some(({ readers }) => readers.some(({ trust }) => trust === 'reporter'))
  return isFromMail(source) && !reads
}

/** What belongs to one thread. Acts that concern the whole case, and what is broken, stand in General. */
export function entriesOf(shown: CaseShown, thread: ThreadName): readonly EntryShown[] {
  return shown.entries.filter((entry) => threadOfEntry(entry) === thread)
}

/** Links say the numbers of cases, not their ids. */
export function withNames(
  entries: readonly EntryShown[],
  nameOf: (id: string) => string,
): readonly EntryShown[] {
  return entries.map((entry) =>
    entry.kind === 'act' && entry.act.type === 'linked'
      ? { ...entry, act: { ...entry.act, other: nameOf(entry.act.other) } }
      : entry,
  )
}

/** Messages of a thread, opened or not. */
export function messagesIn(shown: CaseShown, thread: ThreadName): number {
  return entriesOf(shown, thread).filter(({ kind }) => kind === 'message' || kind === 'sealed')
    .length
}

/** Messages of others in a thread, from this place on: acts and one's own words are no news. */
export function unseenIn(shown: CaseShown, thread: ThreadName, from = shown.unseenFrom): number {
  return entriesOf(shown, thread).filter((entry) => isNews(entry, from)).length
}

/** The same in the whole case. */
export function unseenOf(shown: CaseShown): number {
  return shown.entries.filter((entry) => isNews(entry, shown.unseenFrom)).length
}

/** The place of the reporter’s last word, while nobody answered it, set the case to waiting or put it aside; else -1. */
export function waitsForAnswer(shown: CaseShown): number {
  const last = shown.entries.findLast(
    (entry) =>
      isWordInGeneral(entry) ||
      (entry.kind === 'act' && entry.act.type === 'state' && isWaiting(entry.act)),
  )
  if (last === undefined || last.kind === 'act') return -1
  const { trust } = last.from
  // A mail that came later: what began the case owes an acknowledgement first.
  const mailed = trust === 'server' && last.seq > 0
  const theirs = mailed || (trust === 'reporter' && hasReporter(shown))
  return theirs && last.seq > shown.quiet ? last.seq : -1
}

/** Has the reporter of a closed case written since? The server shows it among the open ones then. */
export function asksAgain(shown: CaseShown): boolean {
  if (shown.state !== 'closed' && shown.state !== 'archived') return false
  const closing = shown.entries.findLast((entry) => entry.kind === 'act' && isEnd(entry.act))
  return waitsForAnswer(shown) > (closing?.seq ?? shown.entries.length)
}

/** General first, then the team's room, then projects by name. */
export function threadsOf(shown: CaseShown): readonly ThreadName[] {
  const rank = (thread: ThreadName) => (thread === 'all' ? '0' : thread === 'desk' ? '1' : thread)
  const named = shown.threads.map(({ thread }) => thread)
  return [...new Set<ThreadName>(['all', ...named])].sort((a, b) => (rank(a) < rank(b) ? -1 : 1))
}

/** The keys of those whom the page shows as readers of the general thread. */
export function readersShown({ threads }: CaseShown): readonly string[] {
  const general = threads.find(({ thread }) => thread === 'all')
  return (general?.readers ?? []).map(({ who }) => who)
}

/** Did who reads a thread change between two looks at it? */
export function readersDiffer(
  before: readonly PersonShown[],
  after: readonly PersonShown[],
): boolean {
  const names = (people: readonly PersonShown[]) =>
    people
      .map(({ who, name }) => `${who} ${name}`)
      .sort()
      .join('\n')
  return names(before) !== names(after)
}

/** Cases that were linked to this one, by signed acts. */
export function linksOf(
  shown: CaseShown,
): readonly { readonly other: string; readonly relation: string }[] {
  return shown.entries
    .filter((entry): entry is ActShown => entry.kind === 'act')
    .flatMap(({ act }) =>
      act.type === 'linked' ? [{ other: act.other, relation: act.relation }] : [],
    )
}

/** `1 new entry`, `3 new entries`; `""` when nothing came. */
export function newEntriesWords(before: number, after: number): string {
  const more = after - before
  if (more <= 0) return ''
  return more === 1 ? '1 new entry' : `${String(more)} new entries`
}

/** The beginning of a text, cut at a word. */
export function excerptOf(
  text: string,
  most: number,
): { readonly text: string; readonly cut: boolean } {
  if (text.length <= most) return { text, cut: false }
  const part = text.slice(0, most)
  const end = part.lastIndexOf(' ')
  return { text: `${part.slice(0, end > most / 2 ? end : most).toWellFormed()} …`, cut: true }
}

function isNews({ kind, seq, from }: EntryShown, since: number): boolean {
  return kind !== 'act' && kind !== 'desk-only' && seq >= since && from.trust !== 'own'
}

function isWordInGeneral(entry: EntryShown): boolean {
  return (entry.kind === 'message' || entry.kind === 'sealed') && entry.thread === 'all'
}

function isEnd(act: ActShown['act']): boolean {
  return act.type === 'state' && act.project === ''
}

function isWaiting(act: { readonly state: string; readonly project: string }): boolean {
  return act.state === 'waiting' && act.project === ''
}

function threadOfEntry(entry: EntryShown): ThreadName {
  if (entry.kind === 'broken') return 'all'
  if (entry.kind !== 'act') return entry.thread
  return entry.act.type === 'readers' || entry.act.type === 'added' ? entry.act.thread : 'all'
}
