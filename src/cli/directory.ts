import { ClientError } from '#client'
import {
  channelWords,
  createSearch,
  differenceOf,
  DirectoryError,
  doubtsOf,
  faultLine,
  findProjects,
  type Project,
} from '#directory'
import { releasedDirectory } from './desk-directory.ts'
import { openDirectoryFile } from './directory-files.ts'
import { exportDirectory, importDirectory, releaseDrafted } from './directory-release.ts'
import { survey } from './directory-survey.ts'
import { DESK_FLAGS, visit } from './enter.ts'
import { answer, createPrint, line, table } from './print.ts'
import { readFlags, UsageError, wordsAre } from './usage.ts'

/** `postern directory VERB …`: projects and where reports about them go. */
export async function directory(args: readonly string[]): Promise<void> {
  const [verb, ...rest] = args
  const play = verb === undefined ? undefined : VERBS.get(verb)
  if (play === undefined)
    throw new UsageError(`Say what to do with the directory: ${[...VERBS.keys()].join(', ')}.`)
  await play(rest)
}

const VERBS: ReadonlyMap<string, (args: readonly string[]) => Promise<void>> = new Map([
  ['find', find],
  ['check', check],
  ['diff', diff],
  ['survey', survey],
  ['import', importDirectory],
  ['release', releaseDrafted],
  ['export', exportDirectory],
])

/** The projects that fit, the best first, each with the channel to use first. */
async function find(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, { ...DESK_FLAGS, in: 'text' })
  const words = flags.words.join(' ')
  if (words.trim() === '')
    throw new UsageError('Say what to find: a name, a package URL, an import, or a repository.')
  if ((flags.in === undefined) === (flags.to === undefined))
    throw new UsageError('Say where to look: --to URL for a desk, or --in FILE.')
  const { projects } =
    flags.in === undefined
      ? await releasedDirectory((await visit(flags)).view)
      : await openDirectoryFile(flags.in)
  const found = findProjects(createSearch([...projects.values()]), words)
  if (found.length === 0)
    throw new ClientError(
      'not-found',
      'No project fits. Try fewer letters, or the name of a package.',
    )
  const print = createPrint(flags.json)
  answer(print, { found }, () => [
    ...table(found.map(({ project }) => rowOf(project))),
    ...(found[0]?.exact === true ? [] : ['None is exactly what you asked for: compare the name.']),
  ])
}

/** Is this file in the form of a directory? Every fault with its line, and what a person should look at. */
async function check(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, { json: 'yes' })
  const [path] = wordsAre(flags.words, 'FILE')
  const print = createPrint(flags.json)
  try {
    const { projects } = await openDirectoryFile(path)
    const all = [...projects.values()]
    const unknown = all.filter(({ channels }) => channels[0]?.kind === 'unknown')
    const doubts = doubtsOf(all)
    const facts = { projects: all.length, unknown: unknown.map(({ id }) => id), doubts, faults: [] }
    answer(print, facts, () => [
      `${all.length} projects in good form; of ${unknown.length} no channel is known.`,
      ...doubts.map(({ project, says }) => line(`${project}: ${says}`)),
    ])
  } catch (error) {
    if (error instanceof DirectoryError)
      answer(print, { faults: error.faults }, () =>
        error.faults.map((each) => line(faultLine(each))),
      )
    throw error
  }
}

/** What changed from one file to the other, in words. */
async function diff(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, { json: 'yes' })
  const [before, after] = wordsAre(flags.words, 'BEFORE', 'AFTER')
  const [old, now] = [await openDirectoryFile(before), await openDirectoryFile(after)]
  const changes = differenceOf(old.projects, now.projects)
  answer(createPrint(flags.json), { changes }, () =>
    changes.length === 0
      ? ['Nothing changed.']
      : changes.map(({ project, says }) => line(`${project}: ${says}`)),
  )
}

function rowOf({ id, name, status, channels }: Project): readonly string[] {
  const [first] = channels
  return [line(name), id, status, first === undefined ? 'unknown' : line(channelWords(first))]
}
