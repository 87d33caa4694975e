import { type CaseFold, splitKeyName } from './case-state.ts'

/**
 * Has its reporter written to a closed case since, or a mail come to it, and nobody answered? Then it stands
 * among the open ones until somebody answers or closes it again.
 */
export function asksAgain({ state, reporter, statements }: CaseFold): boolean {
  if (state !== 'closed' && state !== 'archived') return false
  const heads = [...statements.values()]
  const closing = heads.findLastIndex((head) => head.type === 'case.state' && head.project === '')
  const word = heads
    .slice(closing + 1)
    .findLast(
      (head) =>
        head.type === 'case.mail' ||
        (head.type === 'case.message' && splitKeyName(head.to).circle === 'all'),
    )
  if (word === undefined) return false
  return word.type === 'case.mail' || word.by === heads[0]?.by || word.by === reporter.who
}
