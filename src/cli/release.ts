import { readFile, writeFile } from 'node:fs/promises'
import {
  approveRelease,
  ClientError,
  type DeskView,
  openRelease,
  releaseDocuments,
  releasesOf,
  waitingReleases,
  withdrawRelease,
} from '#client'
import { isContactFact, isLicence, isTime, LICENCES, textOfBytes } from '#lexicon'
import { memberOf } from '#seal'
import { DESK_FLAGS, enter, MEMBER_FLAGS, visit } from './enter.ts'
import { answer, line, paragraph, table } from './print.ts'
import { demandReplaces } from './replaced-release.ts'
import { needed, readFlags, UsageError, wordsAre } from './usage.ts'

/** `postern release FILE …`, and what is done with releases. A file called `list` is `./list`. */
export async function release(args: readonly string[]): Promise<void> {
  const [verb, ...rest] = args
  await (VERBS.get(verb ?? '') ?? put)(VERBS.has(verb ?? '') ? rest : args)
}

const VERBS: ReadonlyMap<string, (args: readonly string[]) => Promise<void>> = new Map([
  ['list', list],
  ['show', show],
  ['approve', approve],
  ['withdraw', withdraw],
])

async function put(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, {
    ...MEMBER_FLAGS,
    path: 'text',
    licence: 'text',
    'not-before': 'text',
    replaces: 'text',
  })
  const [file] = wordsAre(flags.words, 'FILE')
  const path = needed(flags.path, '--path')
  const licence = flags.licence ?? (isContactFact(path) ? 'CC0-1.0' : 'CC-BY-4.0')
  if (!isLicence(licence)) throw new UsageError(`--licence is one of ${LICENCES.join(', ')}.`)
  const notBefore = flags['not-before']
  if (notBefore !== undefined && !isTime(notBefore))
    throw new UsageError('--not-before is a moment like 2026-12-24T08:00:00Z.')
  const bytes = new Uint8Array(await readFile(file))
  const { view, self, print } = await enter(flags)
  demandReplaces(view, path, flags.replaces)
  const wish = { path, bytes, licence, ...(notBefore !== undefined && { notBefore }) }
  const { id, waits } = await releaseDocuments(view, self, { release: wish })
  answer(print, { id, path, waits }, () => [
    waits
      ? `Signed. A second coordinator reads it (postern release show ${id.slice(0, 16)}) and approves it; until then nothing is published.`
      : `Released by one: the other coordinators see it in postern release list. (${id.slice(0, 16)})`,
  ])
}

/** What counts, what waits, what comes later, and what can never count. For everybody: the chain is public. */
async function list(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, DESK_FLAGS)
  wordsAre(flags.words)
  const { view, print } = await visit(flags)
  const { now, later, refused } = releasesOf(view)
  const named = (who: string) => memberOf(view.directory.now, who)?.handle ?? ''
  const rows = [...now.values(), ...later].map((each) => ({
    ...each,
    byOne: each.approvedBy === '',
    state: later.includes(each) ? ('later' as const) : ('public' as const),
  }))
  const waiting = waitingReleases(view).map(({ id, path, sha256, licence, by, at }) => {
    return { id, path, sha256, licence, by, at }
  })
  answer(print, { releases: rows, waiting, refused }, () => [
    ...table([
      ['path', 'since', 'by', 'approved by', 'id'],
      ...rows.map(({ path, at, state, by, approvedBy, byOne, id }) => [
        line(path),
        state === 'later' ? `from ${at}` : at,
        line(named(by)),
        byOne ? 'by one' : line(named(approvedBy)),
        id.slice(0, 16),
      ]),
    ]),
    ...waiting.map(
      ({ id, path, by, at }) =>
        `Waits for a second person: ${line(path)}, by ${line(named(by))} at ${at}\n    postern release show ${id.slice(0, 16)}`,
    ),
    ...refused.map(
      ({ path, why, id }) =>
        `Never published: ${line(path)} (${id.slice(0, 16)}): ${REFUSED_WORDS[why]}`,
    ),
  ])
}

const REFUSED_WORDS = {
  path: 'no document is released at its path.',
  licence: 'its licence is not one of ours.',
  doc: 'another version was there than the one that it replaces.',
} as const

/** Exactly what would be published: the hash was checked. `-o` writes the bytes. */
async function show(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, { ...MEMBER_FLAGS, out: 'text' })
  const [name] = wordsAre(flags.words, 'ID')
  const { view, print } = await enter(flags)
  const { id, head, bytes, before } = await openRelease(view, releaseId(view, name))
  if (flags.out !== undefined) await writeFile(flags.out, bytes, { flag: 'wx' })
  const { path, sha256, licence, not_before, by } = head
  const text = textOfBytes(bytes)
  const facts = { id, path, sha256, licence, not_before, by, replaces: before?.release.id ?? '' }
  answer(print, { ...facts, text }, () => [
    `${line(path)}, ${line(licence)}, by ${line(memberOf(view.directory.now, by)?.handle ?? by)}`,
    before === undefined
      ? 'New at this place.'
      : `In place of what counts since ${before.release.at}.`,
    `sha256 ${sha256}`,
    '',
    paragraph(text),
  ])
}

async function approve(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, { ...MEMBER_FLAGS, sha256: 'text' })
  const [name] = wordsAre(flags.words, 'ID')
  const sha256 = needed(flags.sha256, '--sha256, which postern release show prints')
  const { view, self, print } = await enter(flags)
  const id = releaseId(view, name)
  // Read here once more: what is signed for is what this machine has seen.
  await openRelease(view, id)
  await approveRelease(view, self, { id, sha256 })
  answer(print, { id }, () => ['Approved. It is published when its time has come.'])
}

async function withdraw(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, MEMBER_FLAGS)
  const [name] = wordsAre(flags.words, 'ID')
  const { view, self, print } = await enter(flags)
  const id = releaseId(view, name)
  await withdrawRelease(view, self, id)
  answer(print, { id }, () => [
    'Withdrawn. It leaves the public tree; what others copied stays with them.',
  ])
}

/** A whole id, its first digits, or the path of what counts. */
function releaseId(view: DeskView, name: string): string {
  const counting = releasesOf(view).now.get(name)
  if (counting !== undefined) return counting.id
  const found = [...view.directory.statements]
    .filter(([id, head]) => head.type === 'release' && name.length >= 8 && id.startsWith(name))
    .map(([id]) => id)
  const [only, ...others] = found
  if (only !== undefined && others.length === 0) return only
  throw new ClientError(
    'not-found',
    `There is no release “${line(name)}”: see postern release list.`,
  )
}
