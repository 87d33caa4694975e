import { millisecondsOf } from '#lexicon'
import type { CaseShown, EntryShown, PersonShown, ThreadName } from '#worker'
import { dayAndTime } from '../../time-words.ts'

/** Where a case stands for its reporter: one or two words, one sentence, and what they can do. */
export type Standing = {
  readonly word: string
  readonly tone: 'plain' | 'accent' | 'due' | 'late'
  readonly says: string
}

export function standingOf(shown: CaseShown, now: number): Standing {
  const { state, acknowledged, answered, due, taken } = shown
  if (state === 'archived')
    return { word: 'Archived', tone: 'plain', says: 'This case is closed and kept for the record.' }
  if (state === 'closed') return closed(shown)
  if (state === 'waiting')
    return {
      word: 'Waiting',
      tone: 'due',
      says: wasAskedLast(shown)
        ? 'The desk wrote to you last. It may wait for your answer.'
        : 'The desk waits for somebody before it can go on.',
    }
  if (acknowledged === '') return unacknowledged(due, answered, now)
  const since = `since ${dayAndTime(acknowledged, now)}`
  return {
    word: 'In hand',
    tone: 'accent',
    says:
      taken === undefined
        ? `A person has seen it ${since}.`
        : `A person has seen it ${since}, and ${taken.name} takes care of it.`,
  }
}

/** The reporter's own key in this case; `""` where nothing was written by them. */
export function reporterOf({ entries }: CaseShown): string {
  return (
    entries.find(({ from }) => from.trust === 'reporter' || from.trust === 'own')?.from.who ?? ''
  )
}

/** What the reporter's own text was called when it was sealed. */
export function titleShown({ title, entries, number }: CaseShown): string {
  if (title !== '') return title
  const first = entries[0]
  return first?.kind === 'message' ? first.title : `Report ${number}`
}

/** Who can read what this reporter writes, without the reporter. */
export function othersWhoRead(
  shown: CaseShown,
  thread: ThreadName = 'all',
): readonly PersonShown[] {
  const readers = shown.threads.find((each) => each.thread === thread)?.readers ?? []
  return readers.filter(({ trust }) => trust !== 'own' && trust !== 'reporter')
}

export function canWrite({ threads }: CaseShown): boolean {
  return threads.some(({ thread, writable }) => thread === 'all' && writable)
}

/** Entries that were opened meanwhile take the place of their sealed form. */
export function withOpened(shown: CaseShown, opened: readonly EntryShown[]): CaseShown {
  const byId = new Map(opened.map((entry) => [entry.id, entry]))
  return { ...shown, entries: shown.entries.map((entry) => byId.get(entry.id) ?? entry) }
}

/** What is said, once and politely, when the case grew while it was open; `""` when it did not. */
export function newsOf(before: CaseShown, after: CaseShown): string {
  const known = new Set(before.entries.map(({ id }) => id))
  const me = reporterOf(after)
  const fresh = after.entries.filter(({ id, from }) => !known.has(id) && from.who !== me).length
  if (fresh > 0) return fresh === 1 ? 'One new entry.' : `${String(fresh)} new entries.`
  return before.state === after.state ? '' : 'The state of your report changed.'
}

/** `store.zip` of the n-th file of an entry. */
export function fileNameOf(shown: CaseShown, entry: string, n: number): string {
  const found = shown.entries.find(({ id }) => id === entry)
  return (found?.kind === 'message' ? found.files[n]?.name : undefined) ?? 'attachment'
}

function closed(shown: CaseShown): Standing {
  const last = shown.entries.findLast(isClosing)
  const when = last === undefined ? '' : ` on ${dayAndTime(last.at)}`
  return {
    word: 'Closed',
    tone: 'plain',
    says: shown.answered
      ? `Closed${when}. The answer stands below.`
      : `Closed${when}. The reason is written in the desk’s record.`,
  }
}

function isClosing(entry: EntryShown): boolean {
  return entry.kind === 'act' && entry.act.type === 'state' && entry.act.state === 'closed'
}

function unacknowledged(due: string, answered: boolean, now: number): Standing {
  if (answered)
    return { word: 'Received', tone: 'accent', says: 'Somebody of the desk wrote to you.' }
  const late = due !== '' && millisecondsOf(due) < now
  if (late)
    return {
      word: 'Late',
      tone: 'late',
      says: `A person owed you an acknowledgement by ${dayAndTime(due, now)}. Nobody gave one. Your proof of receipt shows when it came in.`,
    }
  return {
    word: 'Received',
    tone: 'plain',
    says:
      due === ''
        ? 'It is stored and sealed. No person has seen it yet.'
        : `It is stored and sealed. A person acknowledges it by ${dayAndTime(due, now)}.`,
  }
}

function wasAskedLast(shown: CaseShown): boolean {
  const me = reporterOf(shown)
  const last = shown.entries.findLast(
    (entry) => (entry.kind === 'message' || entry.kind === 'sealed') && entry.thread === 'all',
  )
  return last !== undefined && last.from.who !== me
}
