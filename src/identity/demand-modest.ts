import { DAY, LIMITS, millisecondsOf } from '#lexicon'
import { type DeskHead, type Directory, isCoordinator } from '#seal'
import { IdentityError } from './identity-error.ts'

/** Statements of the desk chain in a day by people who are no coordinators: rotations and leavings. */
const A_DAY = 20
/** The last places of the chain are kept for coordinators and root. */
const RESERVED = 10_000

/**
 * Everybody folds the desk chain, and keeps it: a guest who rotates their key all day long would cost each
 * client memory for ever (N33). Throws `IdentityError` too-many.
 */
export function demandModest(directory: Directory, heads: readonly DeskHead[]): void {
  const { now } = directory
  const humble = (head: DeskHead) => head.by !== now.root && !isCoordinator(now, head.by)
  const others = heads.filter(humble)
  const [first] = others
  if (first === undefined) return
  const since = millisecondsOf(first.at) - DAY
  let count = others.length
  for (const head of directory.statements.values())
    if (millisecondsOf(head.at) >= since && humble(head)) count++
  const crowded = Math.max(...others.map((head) => head.seq)) > LIMITS.chain - RESERVED
  if (crowded || count > A_DAY)
    throw new IdentityError('too-many', 'The desk chain takes no more of this today.')
}
