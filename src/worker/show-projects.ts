import { type CaseView, type DeskView, maySetProject, projectsOf, type Self } from '#client'
import { personShown } from './show-case.ts'
import type { ProjectShown } from './shown.ts'

/** The projects of a case. Reporters are shown none: what they do not need is not in what they load. */
export function projectsShown(
  view: DeskView,
  self: Self,
  within: CaseView,
): readonly ProjectShown[] {
  return projectsOf(within).map(({ project, state, routed, members, by }) => ({
    project,
    state,
    routed,
    members,
    by: by === '' ? undefined : personShown(view, self, by),
    mine: maySetProject(view, within, self.signer.who, project),
  }))
}
