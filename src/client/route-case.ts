import { isProject, PROJECT_STATES, type ProjectState } from '#lexicon'
import type { CaseHead, HeadOf } from '#seal'
import { appendToCase, type Common, type Composer } from './append.ts'
import type { CaseView } from './case-view.ts'
import { demandNobodyElse, readersAfterRoute, type ThreadReaders } from './readers-after-route.ts'
import { ClientError } from './client-error.ts'
import type { Desk, Words } from './desk.ts'
import type { DeskView } from './desk-view.ts'
import { type From, letIn } from './let-in.ts'
import { circleOf, isRouted, maintainersOf, maySetProject, projectsOf } from './projects.ts'
import type { Self } from './self.ts'
import { messageTo, prepare } from './write-case.ts'

/**
 * Brings a case to the maintainers of one project or more who are members here, in one batch: each project gets
 * a thread of its own, which no other project reads, and all of them read General, from now on or from its
 * beginning. The report itself stays sealed to the desk and its reporter. Keys go to `shown` and to nobody who
 * comes while others append (K2); without it, to those whom this view shows.
 */
export async function routeCase(
  desk: Desk,
  within: CaseView,
  about: {
    readonly projects: readonly string[]
    readonly from: From
    readonly shown?: ThreadReaders | undefined
  },
): Promise<CaseView> {
  const { projects, from } = about
  const wanted = [...new Set(projects)]
  if (wanted.length === 0) throw new ClientError('problem', 'Name a project.')
  for (const project of wanted) {
    demandProject(project)
    demandMaintainers(desk.view, project)
    if (isRouted(within.fold, project))
      throw new ClientError('problem', `This case went to ${project} already.`)
  }
  const shown = about.shown ?? readersAfterRoute(desk.view, within, wanted)
  const done = await appendToCase(desk.view, within, (view, current) => {
    // Somebody else may have brought it to one of them meanwhile: nothing is left to do for that.
    const left = wanted.filter((project) => !isRouted(current.fold, project))
    if (left.length === 0) return []
    const people = left.flatMap((project) => demandMaintainers(view, project))
    demandNobodyElse(view, shown, readersAfterRoute(view, current, left))
    const general = outsideOf(current, 'all', [...new Set(people)])
    return [
      ...left.flatMap((project) => [
        routed(desk.self, project),
        ...letIn(desk, view, current, circleOf(project), maintainersOf(view, project), 'beginning'),
      ]),
      ...(general.length === 0 ? [] : letIn(desk, view, current, 'all', general, from)),
    ]
  })
  return done.within
}

/** What is said with a state: in the thread of the project, or in General, which the reporter reads. */
type Statement = Words & { readonly general: boolean }

/**
 * Says how far a project is with this case, with or without a message beside it, in one batch. A coordinator
 * says it, or a maintainer of that project who reads its thread.
 */
export async function setProjectState(
  desk: Desk,
  within: CaseView,
  said: {
    readonly project: string
    readonly state: ProjectState
    readonly statement?: Statement | undefined
  },
): Promise<CaseView> {
  const { project, state, statement } = said
  demandProject(project)
  if (!PROJECT_STATES.includes(state))
    throw new ClientError('problem', `A project is ${PROJECT_STATES.join(', ')}.`)
  const before = stateOf(within, project)
  if (before === undefined)
    throw new ClientError('not-found', `This case did not go to ${project}: bring it there first.`)
  if (!maySetProject(desk.view, within, desk.self.signer.who, project))
    throw new ClientError(
      'no-reader',
      `Only a coordinator, or a maintainer of ${project} who reads its thread, says how far it is.`,
    )
  const own = { type: 'case.state', state, project } as const
  const ready =
    statement === undefined
      ? { view: desk.view, within, message: undefined }
      : await readied(desk, within, project, statement)
  const done = await appendToCase(ready.view, ready.within, (view, current) => {
    const now = stateOf(current, project)
    if (now !== before && now !== state)
      throw new ClientError(
        'problem',
        `Somebody set ${project} to ${now ?? ''} meanwhile: look again.`,
      )
    const message = ready.message?.(view, current)
    if (message === undefined && now === state && isSaid(current, project)) return []
    return [...(message === undefined ? [] : [message]), plain(desk.self, own)]
  })
  return done.within
}

async function readied(
  desk: Desk,
  before: CaseView,
  project: string,
  { general, text, files }: Statement,
) {
  const thread = general ? 'all' : circleOf(project)
  const { view, within, key, sent } = await prepare(desk, before, thread, { text, files })
  const message = (now: DeskView, current: CaseView) =>
    messageTo(desk, now, current, thread, key, text, sent)
  return { view, within, message }
}

function demandProject(project: string): void {
  if (!isProject(project))
    throw new ClientError('problem', 'A project is named in small letters, digits and dashes.')
}

function demandMaintainers(view: DeskView, project: string): readonly string[] {
  const people = maintainersOf(view, project)
  if (people.length === 0)
    throw new ClientError(
      'unknown-member',
      `Nobody who maintains ${project} is a member of this desk: hand the case off to them instead.`,
    )
  return people
}

/** Who of them does not read what is written to this thread now. */
function outsideOf(
  { fold }: CaseView,
  circle: string,
  people: readonly string[],
): readonly string[] {
  const readers = fold.circles.get(circle)?.at(-1)?.readers ?? []
  return people.filter((who) => !readers.includes(who))
}

function stateOf(within: CaseView, project: string): ProjectState | undefined {
  return projectsOf(within).find((each) => each.project === project)?.state
}

/** Nobody looked is also where a project begins: said or not is a difference. */
function isSaid({ fold }: CaseView, project: string): boolean {
  return fold.projects.has(project)
}

function routed(self: Self, project: string): Composer<CaseHead> {
  return plain(self, { type: 'case.route', project, how: 'members' })
}

type Own = Omit<HeadOf<'case.route'>, keyof Common> | Omit<HeadOf<'case.state'>, keyof Common>

function plain({ signer }: Self, own: Own): Composer<CaseHead> {
  return async (place) => ({ signer, head: { ...place(signer), ...own }, blobs: [] })
}
