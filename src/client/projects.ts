import { PROJECT_STATES, type ProjectState } from '#lexicon'
import { type CaseFold, hasRole, isActive, type Person } from '#seal'
import type { CaseView } from './case-view.ts'
import type { DeskView } from './desk-view.ts'

/** How far a project is with a case, by the signed record. */
export type CaseProject = {
  readonly project: string
  /** The newest way that was chosen to it; `""` for none: somebody was added by themself, or a state was set. */
  readonly how: string
  /** It was brought to those of its maintainers who are members. */
  readonly members: boolean
  readonly state: ProjectState
  /** The statements that chose the ways, by place. */
  readonly routed: readonly number[]
  /** Who said the state; `""` while nobody did. */
  readonly by: Person | ''
  /** The statement that said it; `""` while there is none. */
  readonly said: string
}

/** Every project that this case went to, in the order in which they came. */
export function projectsOf({ fold }: Pick<CaseView, 'fold'>): readonly CaseProject[] {
  const found = new Map<string, CaseProject>()
  const note = (project: string, more: Partial<CaseProject>) =>
    found.set(project, { ...(found.get(project) ?? unseen(project)), ...more })
  for (const [id, head] of fold.statements) {
    if (head.type === 'case.route') {
      const before = found.get(head.project)
      const routed = [...(before?.routed ?? []), head.seq]
      const members = head.how === 'members' || before?.members === true
      note(head.project, { how: head.how, members, routed })
    } else if (head.type === 'case.key' && head.circle !== 'all') note(projectOf(head.circle), {})
    else if (head.type === 'case.state' && head.project !== '') {
      const state = PROJECT_STATES.find((known) => known === head.state) ?? 'not-looked'
      note(head.project, { state, by: head.by, said: id })
    }
  }
  return [...found.values()]
}

/** Was this case brought to the members of a project? */
export function isRouted(fold: CaseFold, project: string): boolean {
  for (const head of fold.statements.values())
    if (head.type === 'case.route' && head.project === project && head.how === 'members')
      return true
  return false
}

/** The active members who maintain a project. */
export function maintainersOf({ directory }: DeskView, project: string): readonly Person[] {
  const state = directory.now
  return [...state.members.keys()].filter(
    (who) => isActive(state, who) && hasRole(state, who, `maintainer:${project}`),
  )
}

/** May this person say how far a project is (F5)? A coordinator, or its maintainer who reads its thread. */
export function maySetProject(
  { directory }: DeskView,
  { fold }: CaseView,
  who: Person,
  project: string,
): boolean {
  const state = directory.now
  if (hasRole(state, who, 'coordinator')) return true
  const reads = fold.circles.get(circleOf(project))?.at(-1)?.readers.includes(who) === true
  return reads && hasRole(state, who, `maintainer:${project}`)
}

/** The circle, and so the thread, of a project. */
export function circleOf(project: string): `p-${string}` {
  return `p-${project}`
}

function projectOf(circle: string): string {
  return circle.slice('p-'.length)
}

function unseen(project: string): CaseProject {
  return { project, how: '', members: false, state: 'not-looked', routed: [], by: '', said: '' }
}
