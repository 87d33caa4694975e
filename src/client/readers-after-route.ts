import { isCoordinator, memberOf, type Person } from '#seal'
import { readersOf } from './case-readers.ts'
import type { CaseView } from './case-view.ts'
import { ClientError } from './client-error.ts'
import type { Thread } from './desk.ts'
import type { DeskView } from './desk-view.ts'
import { circleOf, maintainersOf } from './projects.ts'

/** Who reads which thread. */
export type ThreadReaders = readonly {
  readonly thread: Thread
  readonly readers: readonly Person[]
}[]

/**
 * Everybody who will read General and the threads of these projects once the case was brought there: whoever
 * reads them now, also who was added to a project by themself before, and all who maintain the projects.
 */
export function readersAfterRoute(
  view: DeskView,
  within: CaseView,
  projects: readonly string[],
): ThreadReaders {
  const after = (thread: Thread, more: readonly Person[]) => {
    const now = readersOf(view, within, thread).map(({ who }) => who)
    return { thread, readers: [...new Set([...now, ...more])] }
  }
  const all = projects.flatMap((project) => maintainersOf(view, project))
  return [
    after('all', all),
    ...projects.map((project) => after(circleOf(project), maintainersOf(view, project))),
  ]
}

/**
 * Keys go to those who were shown: a server that shows one more maintainer after a conflict gets none for
 * them (K2). Somebody who left meanwhile widens nothing.
 */
export function demandNobodyElse(view: DeskView, shown: ThreadReaders, now: ThreadReaders): void {
  const came = now.flatMap(({ thread, readers }) => {
    const known = shown.find((each) => each.thread === thread)?.readers ?? []
    return readers.filter((who) => !known.includes(who))
  })
  if (came.length === 0) return
  const names = [...new Set(came)].map((who) => memberOf(view.directory.now, who)?.handle ?? who)
  throw new ClientError(
    'problem',
    `This was not signed, for it would be read by some who were not shown: ${names.join(', ')}. Look again.`,
  )
}

/** What stands in the report goes only to coordinators and to those who maintain the project. */
export function demandOnlyMaintainers(
  view: DeskView,
  within: CaseView,
  projects: readonly string[],
): void {
  for (const project of projects) {
    const maintain = maintainersOf(view, project)
    const others = readersOf(view, within, circleOf(project)).filter(
      ({ who }) => !maintain.includes(who) && !isCoordinator(view.directory.now, who),
    )
    if (others.length === 0) continue
    throw new ClientError(
      'problem',
      `Nothing was signed: ${others.map(({ name }) => name).join(', ')} reads the thread of ${project} and does not maintain it. Bring the case there without the quote, and write what they may read.`,
    )
  }
}
