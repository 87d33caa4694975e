import {
  type CaseView,
  circleOf,
  ClientError,
  type Desk,
  maintainersOf,
  readersOf,
  routeCase,
  setProjectState,
} from '#client'
import { demandShown } from './demand-shown.ts'
import type { ProjectOperations } from './project-operations.ts'

type AskOf<N extends keyof ProjectOperations> = Omit<ProjectOperations[N]['ask'], 'id'>

/** Keys go to the maintainers that the page named, and to nobody whom a server brings in behind it (K2). */
export function routeAsShown(
  desk: Desk,
  within: CaseView,
  { projects, from, people }: AskOf<'route'>,
): Promise<CaseView> {
  const found = new Set(projects.flatMap((project) => maintainersOf(desk.view, project)))
  const same = found.size === people.length && people.every((who) => found.has(who))
  if (!same)
    throw new ClientError(
      'problem',
      'Who maintains these projects changed since the page showed it. Nothing was signed: look again.',
    )
  return routeCase(desk, within, { projects, from })
}

/** A statement goes to whom the page named, as every message does. */
export async function sayHowFar(
  desk: Desk,
  within: CaseView,
  { project, state, text, general, readers }: AskOf<'setProject'>,
): Promise<CaseView> {
  if (text.trim() === '') return setProjectState(desk, within, { project, state })
  demandShown(readersOf(desk.view, within, general ? 'all' : circleOf(project)), readers)
  const statement = { text, files: [], general }
  return setProjectState(desk, within, { project, state, statement })
}
