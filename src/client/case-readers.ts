import { timeOf } from '#lexicon'
import { coordinatorsOf, memberOf, type Person, Refused } from '#seal'
import { appendToCase } from './append.ts'
import { type CaseView, openCase } from './case-view.ts'
import { ClientError } from './client-error.ts'
import { isWritable, keptReaders, newEpoch } from './circles.ts'
import type { DeskView } from './desk-view.ts'
import { letIn } from './let-in.ts'
import { listCaseIds } from './list-case-ids.ts'
import type { Desk, Thread } from './desk.ts'

/** Somebody who can read what is written to a thread now. */
export type CaseReader = {
  readonly who: Person
  /** The handle; `reporter` for the reporter. */
  readonly name: string
  /** Empty for the reporter. */
  readonly roles: readonly string[]
}

/** Everybody to whom a message in this thread is sealed: by their own key, or by the desk's. */
export function readersOf(view: DeskView, within: CaseView, thread: Thread): readonly CaseReader[] {
  const state = view.directory.now
  const named = thread === 'desk' ? [] : keptReaders(view, within, thread)
  const people = named.filter((reader) => !reader.includes('/'))
  return [...new Set([...coordinatorsOf(state), ...people])].map((who) => {
    const member = memberOf(state, who)
    return { who, name: member?.handle ?? 'reporter', roles: member?.roles ?? [] }
  })
}

/**
 * Adds a person to a thread: they get every epoch of it that exists, so they read what was said. A
 * thread without an epoch gets its first one, with them among the readers.
 */
export async function addReader(
  desk: Desk,
  within: CaseView,
  circle: string,
  who: string,
): Promise<CaseView> {
  const done = await appendToCase(desk.view, within, (view, current) =>
    letIn(desk, view, current, circle, [who], 'beginning'),
  )
  return done.within
}

/** Removes a person: every thread that they read gets a new epoch without them. They keep what they had. */
export async function removeReader(desk: Desk, within: CaseView, who: string): Promise<CaseView> {
  const done = await appendToCase(desk.view, within, (view, current) =>
    threadsOf(current, who).map((circle) => {
      const readers = keptReaders(view, current, circle).filter((reader) => reader !== who)
      return newEpoch(view, current, desk.self, circle, readers)
    }),
  )
  return done.within
}

/** After a member left the desk: every circle that went stale gets its new epoch at once. */
async function renewStaleCircles(desk: Desk, within: CaseView): Promise<CaseView> {
  const at = timeOf(desk.view.clock())
  if (within.fold.shred !== '') return within
  const done = await appendToCase(desk.view, within, (view, current) =>
    [...current.fold.circles.keys()]
      .filter((circle) => !isWritable(view, current, circle, at))
      .map((circle) =>
        newEpoch(view, current, desk.self, circle, keptReaders(view, current, circle)),
      ),
  )
  return done.within
}

/** A case that kept its old keys, and why. */
export type NotRenewed = { readonly number: string; readonly error: Refused | ClientError }

/**
 * The same for every open case of this person. One that fails its checks, or that the desk does not take,
 * does not keep the others stale: it is returned.
 */
export async function renewOpenCases(desk: Desk): Promise<readonly NotRenewed[]> {
  const failed: NotRenewed[] = []
  for (const { id, number } of await listCaseIds(desk.view, ['all', 'held'])) {
    try {
      await renewStaleCircles(desk, await openCase(desk.view, id))
    } catch (error) {
      if (!(error instanceof Refused || error instanceof ClientError)) throw error
      failed.push({ number, error })
    }
  }
  return failed
}

function threadsOf(within: CaseView, who: string): readonly string[] {
  return [...within.fold.circles]
    .filter(([, epochs]) => epochs.at(-1)?.readers.includes(who) === true)
    .map(([circle]) => circle)
}
