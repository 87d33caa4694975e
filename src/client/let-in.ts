import { timeOf } from '#lexicon'
import type { CaseHead } from '#seal'
import type { Composer } from './append.ts'
import type { CaseView } from './case-view.ts'
import { grantEpochs, isWritable, keptReaders, newEpoch } from './circles.ts'
import type { Desk } from './desk.ts'
import type { DeskView } from './desk-view.ts'
import { createKeyring } from './keyring.ts'

/** What people who are let into a thread read of it: what was said before as well, or only what comes. */
export type From = 'beginning' | 'now'

/** As many wraps as one head holds with room to spare. */
const A_HEAD = 300

/**
 * The statements that let these people into a thread. From the beginning they get every epoch that exists,
 * and from now on a new one that is theirs as well. A thread without an epoch gets its first one.
 */
export function letIn(
  desk: Desk,
  view: DeskView,
  current: CaseView,
  circle: string,
  people: readonly string[],
  from: From,
): readonly Composer<CaseHead>[] {
  const at = timeOf(view.clock())
  const epochs = current.fold.circles.get(circle)?.length ?? 0
  const readers = [...new Set([...keptReaders(view, current, circle), ...people])]
  const epoch = newEpoch(view, current, desk.self, circle, readers)
  if (epochs === 0 || from === 'now') return [epoch]
  const keyring = createKeyring(view, desk.self)
  const old = Array.from({ length: epochs }, (_, n) => n + 1)
  const grants = inHeads(people, old.length).map((some) =>
    grantEpochs(view, current, desk.self, keyring, circle, old, some),
  )
  return isWritable(view, current, circle, at) ? grants : [...grants, epoch]
}

function inHeads(people: readonly string[], wraps: number): readonly (readonly string[])[] {
  const each = Math.max(1, Math.floor(A_HEAD / wraps))
  return Array.from({ length: Math.ceil(people.length / each) }, (_, n) =>
    people.slice(n * each, (n + 1) * each),
  )
}
