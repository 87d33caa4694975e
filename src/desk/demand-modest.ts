import { DAY, LIMITS, millisecondsOf } from '#lexicon'
import {
  type CaseFold,
  type CaseHead,
  demand,
  type DirectoryState,
  isCoordinator,
  isFresh,
  newestEpoch,
  type Person,
} from '#seal'
import { DeskError } from './desk-error.ts'

/** Statements that one author who is no coordinator may add to one case in a day. */
const A_DAY = 200
/** The last places of a chain are kept for coordinators: nobody else can fill it up and so shut it. */
const RESERVED = 10_000

/**
 * What the fold allows and an honest client never does (N33): to fill a chain, or to make key after key.
 * A reader renews a circle only when it went stale; a fresh one made again could be a dead one (N23).
 * Throws `DeskError` too-many or `Refused` F8.
 */
export function demandModest(
  fold: CaseFold,
  state: DirectoryState,
  heads: readonly CaseHead[],
): void {
  const others = heads.filter((head) => !isCoordinator(state, head.by))
  const [first] = others
  if (first === undefined) return
  for (const head of others) {
    if (head.type !== 'case.key') continue
    const newest = newestEpoch(fold, head.circle)
    const stale = newest === undefined || !isFresh(fold, newest, state, head.at)
    demand(stale, 'F8', 'This circle has a fresh key: only a coordinator makes another.')
  }
  for (const by of new Set(others.map((head) => head.by)))
    if (isTooMuch(fold, by, millisecondsOf(first.at), others.length))
      throw new DeskError('too-many', 'This is more than one person writes in a day.')
}

/** Would so many more of this author be too many for a day, or fill the chain? */
export function isTooMuch(fold: CaseFold, by: Person, now: number, more: number): boolean {
  const crowded = fold.head.seq + more > LIMITS.chain - RESERVED
  return crowded || countOf(fold, by, now - DAY) + more > A_DAY
}

function countOf(fold: CaseFold, by: Person, since: number): number {
  let count = 0
  for (const head of fold.statements.values())
    if (head.by === by && millisecondsOf(head.at) >= since) count++
  return count
}
