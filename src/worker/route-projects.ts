import { type CaseView, circleOf, type Desk, readersOf, setProjectState } from '#client'
import { demandShown } from './demand-shown.ts'
import type { ProjectOperations } from './project-operations.ts'

type AskOf<N extends keyof ProjectOperations> = Omit<ProjectOperations[N]['ask'], 'id'>

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
