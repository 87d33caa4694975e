import type { CaseShown, MemberShown, PersonShown, ThreadName } from '#worker'
import { maintainersOf } from './case-project-words.ts'

export type ThreadAfter = { readonly thread: ThreadName; readonly people: readonly PersonShown[] }

/**
 * Who will read General and the thread of each project once the case was brought there: whoever reads it now, every
 * coordinator, and the maintainers. This is what the page shows and what the keys are held to, never the answer.
 */
export function readersAfter(
  shown: Pick<CaseShown, 'threads'>,
  members: readonly MemberShown[],
  projects: readonly string[],
): readonly ThreadAfter[] {
  const after = (thread: ThreadName, more: readonly PersonShown[]): ThreadAfter => {
    const now = shown.threads.find((each) => each.thread === thread)?.readers ?? []
    const all = [...now, ...members.filter(isCoordinator), ...more]
    return { thread, people: [...new Map(all.map((each) => [each.who, each])).values()] }
  }
  const each = projects.map((project) => ({ project, people: maintainersOf(members, project) }))
  return [
    after(
      'all',
      each.flatMap(({ people }) => people),
    ),
    ...each.map(({ project, people }) => after(`p-${project}`, people)),
  ]
}

/** Who is named one by one: coordinators read everything, and are counted. */
export function namedOf({ people }: ThreadAfter): readonly PersonShown[] {
  return people.filter(({ roles }) => !roles.includes('coordinator'))
}

function isCoordinator({ active, roles }: MemberShown): boolean {
  return active && roles.includes('coordinator')
}
