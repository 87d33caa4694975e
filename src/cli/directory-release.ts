import { ClientError, releasedNow } from '#client'
import { type Change, differenceOf, writeDirectoryFile } from '#directory'
import { bytesOfText } from '#lexicon'
import {
  DIRECTORY_PATH,
  draftDirectory,
  draftedDirectory,
  releasedDirectory,
  releaseDirectory,
} from './desk-directory.ts'
import { openDirectoryFile } from './directory-files.ts'
import { DESK_FLAGS, enter, MEMBER_FLAGS, visit } from './enter.ts'
import { saveWhole } from './files.ts'
import { answer, line } from './print.ts'
import { demandReplaces, replacedWords } from './replaced-release.ts'
import { needed, readFlags, UsageError, wordsAre } from './usage.ts'

/** `directory import FILE`: checks it, shows what would change, and keeps it as the draft. Nothing is released. */
export async function importDirectory(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, MEMBER_FLAGS)
  const [path] = wordsAre(flags.words, 'FILE')
  const { projects } = await openDirectoryFile(path)
  const { view, print } = await enter(flags)
  const released = await releasedDirectory(view)
  const changes = differenceOf(released.projects, projects)
  if (changes.length === 0) {
    answer(print, { changes, draft: '' }, () => [
      'This is what is released: there is nothing to keep.',
    ])
    return
  }
  const { index } = await draftDirectory(view, projects, await draftedDirectory(view))
  answer(print, { changes, draft: index }, () => [
    ...linesOf(changes),
    'Kept as a draft. “postern directory release” shows it again and signs it.',
  ])
}

/** `directory release [--yes DRAFT [--replaces ID]]`: shows the draft beside what is released; signs it once it was looked at. */
export async function releaseDrafted(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, { ...MEMBER_FLAGS, yes: 'text', replaces: 'text' })
  wordsAre(flags.words)
  const { view, self, print } = await enter(flags)
  const draft = await draftedDirectory(view)
  if (draft === undefined)
    throw new ClientError('not-found', 'There is no draft of the directory: import a file first.')
  const released = await releasedDirectory(view)
  const changes = differenceOf(released.projects, draft.projects)
  const counting = releasedNow(view).get(DIRECTORY_PATH)
  if (flags.yes === undefined) {
    const named = counting === undefined ? '' : ` --replaces ${counting.id.slice(0, 16)}`
    answer(
      print,
      { changes, draft: draft.index, release: '', replaces: counting?.id ?? '' },
      () => [
        ...linesOf(changes),
        replacedWords(view, DIRECTORY_PATH),
        `Nothing is released yet. To sign exactly this, say the same with --yes ${draft.index.slice(0, 16)}${named}`,
      ],
    )
    return
  }
  if (!/^[0-9a-f]{16,64}$/.test(flags.yes) || !draft.index.startsWith(flags.yes))
    throw new UsageError('The draft is another one than --yes names: look at it again.')
  demandReplaces(view, DIRECTORY_PATH, flags.replaces)
  const { id } = await releaseDirectory(view, self, draft)
  answer(print, { changes, draft: draft.index, release: id }, () => [
    `Released: ${draft.projects.size} projects, ${changes.length} changes. The other coordinators are shown this.`,
  ])
}

/** `directory export --out FILE`: what is released, as one file; JSON where the name ends so. */
export async function exportDirectory(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, { ...DESK_FLAGS, out: 'text' })
  wordsAre(flags.words)
  const out = needed(flags.out, '--out FILE')
  const { view, print } = await visit(flags)
  const { projects } = await releasedDirectory(view)
  const { name, at } = view.directory.now
  const source = `Released by ${name}, desk ${view.id}`
  const as = out.endsWith('.json') ? 'json' : 'yaml'
  const text = writeDirectoryFile({ source, read: at.slice(0, 10), projects }, as)
  await saveWhole(out, oneChunk(bytesOfText(text)))
  answer(print, { projects: projects.size, out }, () => [
    `${projects.size} projects in ${line(out)}.`,
  ])
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  await Promise.resolve()
  yield bytes
}

function linesOf(changes: readonly Change[]): readonly string[] {
  return changes.map(({ project, says }) => line(`${project}: ${says}`))
}
