import {
  type CaseFold,
  type CaseHead,
  type DirectoryState,
  isCoordinator,
  memberOf,
  type Person,
  splitKeyName,
} from '#seal'

/*
 * Who spoke last in a case, from heads alone: the server sees types, authors, circles and order, and no word.
 * It stands in the row of the case, so that a page of the queue reads no chain.
 */

/** A message: its place, its author, and the key that it is sealed to. */
export type Word = readonly [seq: number, by: Person, to: string]

/** Of each thread. More are not told apart: whoever comes back learns that it is many. */
const KEPT = 10

/** The newest messages of each thread, in order. */
export function wordsOf({ statements }: CaseFold): readonly Word[] {
  const kept = new Map<string, number>()
  const words: Word[] = []
  for (const head of [...statements.values()].reverse()) {
    if (!isMessage(head)) continue
    const { circle } = splitKeyName(head.to)
    const before = kept.get(circle) ?? 0
    kept.set(circle, before + 1)
    if (before < KEPT) words.push([head.seq, head.by, head.to])
  }
  return words.reverse()
}

/**
 * The place of the reporter's word that nobody answered; null where somebody did, or set the case to waiting
 * since. A note of the team is no answer.
 */
export function askedIn({ statements, source, reporter }: CaseFold): number | null {
  if (source === 'assessment') return null
  const heads = [...statements.values()]
  const authors = [heads[0]?.by, reporter.who]
  const word = heads.findLast(
    (head) =>
      head.type === 'case.open' ||
      head.type === 'case.mail' ||
      (head.type === 'case.message' && splitKeyName(head.to).circle === 'all') ||
      (head.type === 'case.state' && head.state === 'waiting' && head.project === ''),
  )
  if (word === undefined || word.type === 'case.state') return null
  return word.type !== 'case.message' || authors.includes(word.by) ? word.seq : null
}

/** Places of what others wrote since this member did, the newest first. `readable` are names of keys. */
export function heardBy(
  state: DirectoryState,
  who: Person,
  words: readonly Word[],
  readable: readonly string[],
): number[] {
  const own = [who, ...(memberOf(state, who)?.earlier ?? [])]
  const all = isCoordinator(state, who)
  const last = words.findLastIndex(([, by]) => own.includes(by))
  return words
    .slice(last + 1)
    .filter(([, , to]) => all || readable.includes(to))
    .map(([seq]) => seq)
    .reverse()
    .slice(0, KEPT)
}

type SealedHead = Extract<CaseHead, { readonly to: string; readonly body: string }>

function isMessage(head: CaseHead): head is SealedHead {
  return (
    head.type === 'case.open' ||
    head.type === 'case.message' ||
    head.type === 'case.mail' ||
    head.type === 'case.handoff'
  )
}
