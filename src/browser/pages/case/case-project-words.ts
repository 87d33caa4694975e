import { isProject, millisecondsOf, MINUTE, PROJECT_STATES, type ProjectState } from '#lexicon'
import type { CaseShown, EntryShown, MemberShown, ProjectShown, ThreadName } from '#worker'
import { stateWord, threadWord } from '../../parts/act-words.ts'
import { visibleLine } from '../../visible-text.ts'
import { openingOf, threadsOf } from './case-words.ts'

/** So many projects stand side by side; more become a list. */
export const SIDE_BY_SIDE = 6

export function projectsOf({ projects = [] }: CaseShown): readonly ProjectShown[] {
  return projects
}

/** The threads that are tabs, and those of projects that are picked from a list: thirty tabs are none. */
export function tabsOf(
  shown: CaseShown,
  thread: ThreadName,
): { readonly tabs: readonly ThreadName[]; readonly listed: readonly ThreadName[] } {
  const threads = threadsOf(shown)
  const ofProjects = threads.filter((each) => each.startsWith('p-'))
  if (ofProjects.length <= SIDE_BY_SIDE) return { tabs: threads, listed: [] }
  const tabs = threads.filter((each) => !each.startsWith('p-') || each === thread)
  return { tabs, listed: ofProjects }
}

/** `30 projects: 2 affected, 28 not looked at`, the gravest first. */
export function projectsInWords(projects: readonly ProjectShown[]): string {
  const counts = BY_WEIGHT.flatMap((state) => {
    const count = projects.filter((each) => each.state === state).length
    return count === 0 ? [] : [`${String(count)} ${stateWord(state).toLowerCase()}`]
  })
  return `${String(projects.length)} projects: ${counts.join(', ')}`
}

const BY_WEIGHT: readonly ProjectState[] = [
  'affected',
  'looking',
  'not-looked',
  'fixed',
  'not-affected',
]

export const STATE_OPTIONS = PROJECT_STATES.map((value) => ({ value, label: stateWord(value) }))

/** Short names as they were typed, with commas or spaces between; `undefined` where one is no short name. */
export function projectsTyped(text: string): readonly string[] | undefined {
  const names = text.split(/[\s,]+/).filter((name) => name !== '')
  return names.every(isProject) ? [...new Set(names)] : undefined
}

/** Everybody active who maintains this project. */
export function maintainersOf(
  members: readonly MemberShown[],
  project: string,
): readonly MemberShown[] {
  return members.filter(({ active, roles }) => active && roles.includes(`maintainer:${project}`))
}

/** Projects that have maintainers here and were not brought in yet; those that the report names come first. */
export function projectsToAdd(
  shown: CaseShown,
  members: readonly MemberShown[],
): readonly string[] {
  const there = new Set(
    projectsOf(shown).flatMap(({ project, members: yes }) => (yes ? project : [])),
  )
  const known = members
    .filter(({ active }) => active)
    .flatMap(({ roles }) => roles)
    .filter((role) => role.startsWith('maintainer:'))
    .map((role) => role.slice('maintainer:'.length))
  const opening = openingOf(shown)
  // Read here and nowhere else: the server never sees the text.
  const said = `${opening?.facts?.project ?? ''} ${opening?.title ?? ''} ${opening?.text ?? ''}`
  const words = new Set(said.toLowerCase().split(/[^a-z0-9-]+/))
  const rank = (project: string) => (words.has(project) ? 0 : 1)
  return [...new Set(known)]
    .filter((project) => !there.has(project))
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
}

/** Acts that brought the case to projects say to which; those of one person in a row are one. */
export function withProjects(
  entries: readonly EntryShown[],
  projects: readonly ProjectShown[],
): readonly EntryShown[] {
  const names = new Map(
    projects.flatMap(({ project, routed }) => routed.map((seq) => [seq, project])),
  )
  const said: EntryShown[] = []
  let to: string[] = []
  for (const entry of entries) {
    const project = names.get(entry.seq)
    const before = said.at(-1)
    if (entry.kind !== 'act' || entry.act.type !== 'other' || project === undefined) {
      to = []
      said.push(entry)
      continue
    }
    const goesOn = to.length > 0 && before !== undefined && together(before, entry)
    to = goesOn ? [...to, project] : [project]
    if (goesOn) said.pop()
    const words = `brought it to ${namesInWords(to)}`
    const first = goesOn && before.kind === 'act' ? before : entry
    said.push({ ...first, act: { ...entry.act, words } })
  }
  return said
}

function together(before: EntryShown, entry: EntryShown): boolean {
  const apart = millisecondsOf(entry.at) - millisecondsOf(before.at)
  return before.from.who === entry.from.who && apart < MINUTE
}

/** `General, Team only, 30 projects` where the names of all would be a page. */
export function threadsInWords(threads: readonly ThreadName[]): string {
  const plain = threads.filter((thread) => !thread.startsWith('p-'))
  const count = threads.length - plain.length
  if (count <= FEW) return threads.map(threadWord).join(', ')
  return [...plain.map(threadWord), `${String(count)} projects`].join(', ')
}

const FEW = 3

function namesInWords(projects: readonly string[]): string {
  const shown = projects.length > FEW + 1 ? projects.slice(0, FEW) : projects
  const more = projects.length - shown.length
  const names = shown.map(visibleLine).join(', ')
  return more === 0 ? names : `${names} and ${String(more)} more projects`
}

/** The project that a key is about: that of the thread which is looked at, or the only one this person speaks for. */
export function projectHere(shown: CaseShown, thread: ThreadName): string {
  const mine = projectsOf(shown).filter((each) => each.mine)
  const here = mine.find(({ project }) => thread === `p-${project}`)
  return here?.project ?? (mine.length === 1 ? (mine[0]?.project ?? '') : '')
}
