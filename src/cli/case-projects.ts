import {
  type CaseView,
  circleOf,
  ClientError,
  demandNobodyElse,
  demandOnlyMaintainers,
  findCase,
  nameOf,
  openTimeline,
  openTitle,
  projectsOf,
  readersAfterRoute,
  readersOf,
  routeCase,
  rowOf,
  sendMessage,
  setProjectState,
} from '#client'
import { PROJECT_STATES, quotedReport } from '#lexicon'
import { shownRow } from './case-text.ts'
import { enter, MEMBER_FLAGS, type Shift } from './enter.ts'
import { readText, sourcesOf } from './files.ts'
import { answer, line } from './print.ts'
import { needed, readFlags, UsageError, wordsAre } from './usage.ts'

/** The verbs of `postern case` about the projects that a case concerns. */
export const PROJECT_ACTS: readonly (readonly [
  string,
  (args: readonly string[]) => Promise<void>,
])[] = [
  ['route', route],
  ['project', project],
]

/** A project of a case as it is printed. */
type ProjectPrinted = {
  readonly project: string
  readonly state: string
  /** The way that was chosen to it; `""` for none. */
  readonly how: string
  /** Who reads its thread beside the coordinators. */
  readonly people: readonly string[]
}

/** Brings the case to the maintainers of these projects who are members. */
async function route(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, { ...MEMBER_FLAGS, project: 'many', from: 'text', quote: 'yes' })
  const [id] = wordsAre(flags.words, 'ID')
  if (flags.project.length === 0) throw new UsageError('This command needs --project NAME.')
  const { from = 'now' } = flags
  if (from !== 'now' && from !== 'beginning')
    throw new UsageError('What they read of General is --from now or --from beginning.')
  const shift = await enter(flags)
  let within = await findCase(shift.view, id)
  const projects = [...new Set(flags.project)]
  const quote = flags.quote ? await quoteIn(shift, within) : ''
  if (quote !== '') demandOnlyMaintainers(shift.view, within, projects)
  const shown = readersAfterRoute(shift.view, within, projects)
  within = await routeCase(shift, within, { projects, from, shown })
  // Each project gets it in its own thread: in General it would be an answer to the reporter.
  if (quote !== '')
    for (const name of projects) {
      const thread = circleOf(name)
      const readers = readersOf(shift.view, within, thread).map(({ who }) => who)
      demandNobodyElse(shift.view, shown, [{ thread, readers }])
      within = await sendMessage(shift, within, thread, { text: quote, files: [] })
    }
  await show(shift, within)
}

/** How far a project is, with a statement where there is something to say. */
async function project(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, {
    ...MEMBER_FLAGS,
    project: 'text',
    text: 'text',
    attach: 'many',
    general: 'yes',
  })
  const [id, name] = wordsAre(flags.words, 'ID', 'STATE')
  const named = needed(flags.project, '--project NAME')
  const state = PROJECT_STATES.find((known) => known === name)
  if (state === undefined) throw new UsageError(`A project is one of ${PROJECT_STATES.join(', ')}.`)
  if (flags.text === undefined && (flags.general || flags.attach.length > 0))
    throw new UsageError('This command needs --text FILE.')
  const files = await sourcesOf(flags.attach)
  const { general } = flags
  const statement =
    flags.text === undefined ? undefined : { text: await readText(flags.text), files, general }
  const shift = await enter(flags)
  const within = await findCase(shift.view, id)
  await show(shift, await setProjectState(shift, within, { project: named, state, statement }))
}

/** The projects of a case, for people and programs. */
export function projectsPrinted({ view }: Pick<Shift, 'view'>, within: CaseView) {
  return projectsOf(within).map(({ project: name, state, how }): ProjectPrinted => {
    const readers = within.fold.circles.get(circleOf(name))?.at(-1)?.readers ?? []
    const people = readers.filter((reader) => !reader.includes('/'))
    return { project: name, state, how, people: people.map((who) => nameOf(view, who)) }
  })
}

export function projectLines(projects: readonly ProjectPrinted[]): readonly string[] {
  return projects.map(({ project: name, state, people }) => {
    const readers =
      people.length === 0 ? 'read by the desk alone' : `with ${people.map(line).join(', ')}`
    return `project ${line(name)}: ${state}, ${readers}`
  })
}

async function show(shift: Shift, within: CaseView): Promise<void> {
  const title = await openTitle(shift, shift.keyring, within)
  const row = shownRow(shift.view, rowOf(shift.view, within, title))
  const projects = projectsPrinted(shift, within)
  answer(shift.print, { ...row, projects }, () => [
    `${row.number}: ${row.lane}`,
    ...projectLines(projects),
  ])
}

/** What was reported, where it is text: the words of a mail are its sender's, and lie in the mail. */
async function quoteIn({ view, self, keyring }: Shift, within: CaseView): Promise<string> {
  const { messages } = await openTimeline(view, within, self, keyring)
  const report = messages.find(({ seq }) => seq === 0)
  const quote = quotedReport(within.number, report?.text ?? '')
  if (quote !== '') return quote
  throw new ClientError(
    'problem',
    'There is no text of a report to quote here: write what they need with “case reply --project”.',
  )
}
