import type { CaseShown, PersonShown, ThreadName } from '#worker'
import { roleWord } from '../../parts/act-words.ts'

/** People of a project who were let into its own thread, which the reporter does not read. */
export type LetIn = { readonly thread: ThreadName; readonly people: readonly PersonShown[] }

/** `2 coordinators, 1 maintainer of example-arrays`: each person once, under what they may do most. */
export function countedByRole(people: readonly PersonShown[]): string {
  const counts = new Map<string, number>()
  for (const { roles } of people) {
    const role = roles.find((each) => each === 'coordinator') ?? roles[0] ?? ''
    counts.set(role, (counts.get(role) ?? 0) + 1)
  }
  return [...counts]
    .toSorted(([a], [b]) => Number(b === 'coordinator') - Number(a === 'coordinator'))
    .map(([role, count]) => `${String(count)} ${wordFor(role, count)}`)
    .join(', ')
}

/** By the signed statements of the case, in their order: each new key of a thread names its readers anew. */
export function letInBeside({ entries }: Pick<CaseShown, 'entries'>): readonly LetIn[] {
  const threads = new Map<ThreadName, ReadonlyMap<string, PersonShown>>()
  for (const entry of entries) {
    const act = entry.kind === 'act' ? entry.act : undefined
    if (act?.type !== 'readers' && act?.type !== 'added') continue
    if (!act.thread.startsWith('p-')) continue
    const fresh = act.type === 'readers' ? act.readers : act.people
    const before = act.type === 'readers' ? [] : (threads.get(act.thread)?.values() ?? [])
    threads.set(act.thread, new Map([...before, ...fresh].map((person) => [person.who, person])))
  }
  return [...threads]
    .map(([thread, people]) => ({
      thread,
      // The coordinators read it all the same, and are counted above.
      people: [...people.values()].filter(({ roles }) => !roles.includes('coordinator')),
    }))
    .filter(({ people }) => people.length > 0)
}

function wordFor(role: string, count: number): string {
  if (role === '') return count === 1 ? 'person without a role' : 'people without a role'
  if (role === 'board') return count === 1 ? 'board member' : 'board members'
  const [word = '', ...more] = roleWord(role).split(' of ')
  return [count === 1 ? word : `${word}s`, ...more].join(' of ')
}
