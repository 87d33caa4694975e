import {
  acknowledge,
  addReader,
  binCase,
  type CaseView,
  ClientError,
  closeCase,
  findCase,
  linkCases,
  memberNamed,
  openAssessment,
  openTitle,
  removeReader,
  retitleCase,
  rowOf,
  sendMessage,
  setCaseState,
  sortCase,
  takeCase,
  type Words,
} from '#client'
import { CASE_STATES, isProject, RELATIONS, SORTS } from '#lexicon'
import { answerReporter, key, mail, wayNamed } from './case-answer.ts'
import { shownRow } from './case-text.ts'
import { enter, MEMBER_FLAGS, type Shift } from './enter.ts'
import { readText, sourcesOf } from './files.ts'
import { answer, line } from './print.ts'
import { needed, readFlags, UsageError, wordsAre } from './usage.ts'

/** The verbs of `postern case` that change a case. Each answers with its row as it is then. */
export const ACTS: readonly (readonly [string, (args: readonly string[]) => Promise<void>])[] = [
  ['assess', assess],
  ['ack', ack],
  ['take', take],
  ['reply', reply],
  ['note', note],
  ['mail', mail],
  ['key', key],
  ['sort', sort],
  ['state', state],
  ['title', title],
  ['link', link],
  ['add', add],
  ['remove', remove],
  ['close', close],
  ['free', free],
  ['bin', bin],
]

const THREAD_FLAGS = { ...MEMBER_FLAGS, project: 'text' } as const

/** A case that a coordinator opens by themself: no reporter, no clock. */
async function assess(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, { ...MEMBER_FLAGS, text: 'text', title: 'text', attach: 'many' })
  wordsAre(flags.words)
  const text = await readText(needed(flags.text, '--text FILE'))
  const files = await sourcesOf(flags.attach)
  const shift = await enter(flags)
  await show(shift, await openAssessment(shift, { title: flags.title, text, files }))
}

/** `case take ID` is for oneself, `case take ID MEMBER` for another coordinator, `--nobody` gives it back. */
async function take(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, { ...MEMBER_FLAGS, nobody: 'yes' })
  const named = flags.words.length === 2 ? wordsAre(flags.words, 'ID', 'MEMBER') : undefined
  const [id] = named ?? wordsAre(flags.words, 'ID')
  if (named !== undefined && flags.nobody)
    throw new UsageError('Give either the name of a coordinator or --nobody.')
  await actOn(flags, id, (shift, within) => {
    const mine = flags.nobody ? '' : shift.self.signer.who
    const who = named === undefined ? mine : memberNamed(shift.view.directory, named[1]).who
    return takeCase(shift, within, who)
  })
}

async function state(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, MEMBER_FLAGS)
  const [id, name] = wordsAre(flags.words, 'ID', 'STATE')
  const chosen = CASE_STATES.find((known) => known === name)
  if (chosen === undefined) throw new UsageError(`A state is one of ${CASE_STATES.join(', ')}.`)
  await actOn(flags, id, (shift, within) => setCaseState(shift, within, chosen))
}

/** Another title for the queue; it is sealed to the desk. */
async function title(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, MEMBER_FLAGS)
  const [id, words] = wordsAre(flags.words, 'ID', 'TITLE')
  await actOn(flags, id, (shift, within) => retitleCase(shift, within, shift.keyring, words))
}

/** Everybody in the case sees that it names another one, and which. */
async function link(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, MEMBER_FLAGS)
  const [id, name, wanted] = wordsAre(flags.words, 'ID', 'RELATION', 'OTHER')
  const relation = RELATIONS.find((known) => known === name)
  if (relation === undefined) throw new UsageError(`A relation is one of ${RELATIONS.join(', ')}.`)
  await actOn(flags, id, async (shift, within) => {
    const other = await findCase(shift.view, wanted)
    return linkCases(shift, within, other.id, relation)
  })
}

async function ack(args: readonly string[]): Promise<void> {
  await act(args, (shift, within) => acknowledge(shift, within))
}

async function reply(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, {
    ...THREAD_FLAGS,
    text: 'text',
    attach: 'many',
    close: 'yes',
    mail: 'text',
  })
  const [id] = wordsAre(flags.words, 'ID')
  const thread = threadOf(flags.project)
  if (flags.close && thread !== 'all')
    throw new UsageError('A case is closed with an answer to its reporter, not in a project.')
  const way = wayNamed(flags.mail)
  if (thread !== 'all' && flags.mail !== undefined)
    throw new UsageError('Mail goes to the reporter, who does not read the thread of a project.')
  const { close } = flags
  await send(flags, id, (shift, within, words) =>
    thread === 'all'
      ? answerReporter(shift, within, words, { way, close })
      : sendMessage(shift, within, thread, words),
  )
}

async function note(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, { ...MEMBER_FLAGS, text: 'text', attach: 'many' })
  const [id] = wordsAre(flags.words, 'ID')
  await send(flags, id, (shift, within, words) => sendMessage(shift, within, 'desk', words))
}

async function sort(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, MEMBER_FLAGS)
  const [id, name] = wordsAre(flags.words, 'ID', 'SORT')
  const sorted = SORTS.find((known) => known === name)
  if (sorted === undefined) throw new UsageError(`A sort is one of ${SORTS.join(', ')}.`)
  await actOn(flags, id, (shift, within) => sortCase(shift, within, sorted))
}

async function add(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, THREAD_FLAGS)
  const [id, name] = wordsAre(flags.words, 'ID', 'MEMBER')
  const thread = threadOf(flags.project)
  await actOn(flags, id, (shift, within) => {
    const member = memberNamed(shift.view.directory, name)
    return addReader(shift, within, thread, member.who)
  })
}

async function remove(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, MEMBER_FLAGS)
  const [id, name] = wordsAre(flags.words, 'ID', 'MEMBER')
  await actOn(flags, id, (shift, within) => {
    const { who, handle } = memberNamed(shift.view.directory, name)
    const reads = [...within.fold.circles.values()].some(
      (epochs) => epochs.at(-1)?.readers.includes(who) === true,
    )
    if (!reads)
      throw new ClientError('not-found', `${handle} is not among the people of this case.`)
    return removeReader(shift, within, who)
  })
}

async function close(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, { ...MEMBER_FLAGS, reason: 'text' })
  const [id] = wordsAre(flags.words, 'ID')
  const reason = needed(flags.reason, '--reason TEXT')
  await actOn(flags, id, (shift, within) => closeCase(shift, within, reason))
}

/** Takes a case out of the lane of held mail: the server moves it, and nothing is signed. */
async function free(args: readonly string[]): Promise<void> {
  await act(args, async ({ view }, within) => {
    await view.api.call('freeCases', { body: { cases: [within.id] } })
    return within
  })
}

/** Ends what is nobody's report. Nobody is told. */
async function bin(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, { ...MEMBER_FLAGS, reason: 'text' })
  const [id] = wordsAre(flags.words, 'ID')
  const reason = needed(flags.reason, '--reason TEXT')
  await actOn(flags, id, (shift, within) => binCase(shift, within, reason))
}

type MemberFlags = Parameters<typeof enter>[0]

async function act(
  args: readonly string[],
  change: (shift: Shift, within: CaseView) => Promise<CaseView>,
): Promise<void> {
  const flags = readFlags(args, MEMBER_FLAGS)
  const [id] = wordsAre(flags.words, 'ID')
  await actOn(flags, id, change)
}

async function actOn(
  flags: MemberFlags,
  id: string,
  change: (shift: Shift, within: CaseView) => Promise<CaseView>,
): Promise<void> {
  const shift = await enter(flags)
  const within = await change(shift, await findCase(shift.view, id))
  await show(shift, within)
}

async function show(shift: Shift, within: CaseView): Promise<void> {
  const title = await openTitle(shift, shift.keyring, within)
  const row = shownRow(shift.view, rowOf(shift.view, within, title))
  answer(shift.print, row, () => [
    `${row.number}: ${row.lane}${row.sort === '' ? '' : `, ${row.sort}`}${row.taken === '' ? '' : `, taken by ${line(row.taken)}`}`,
  ])
}

async function send(
  flags: MemberFlags & { readonly text: string | undefined; readonly attach: readonly string[] },
  id: string,
  say: (shift: Shift, within: CaseView, words: Words) => Promise<CaseView>,
): Promise<void> {
  const text = await readText(needed(flags.text, '--text FILE'))
  const files = await sourcesOf(flags.attach)
  await actOn(flags, id, (shift, within) => say(shift, within, { text, files }))
}

function threadOf(project: string | undefined): 'all' | `p-${string}` {
  if (project === undefined) return 'all'
  if (!isProject(project))
    throw new UsageError('A project is named in small letters, digits and dashes.')
  return `p-${project}`
}
