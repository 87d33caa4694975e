import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import {
  acknowledge,
  addReader,
  type CaseView,
  ClientError,
  closeCase,
  exportCase,
  fetchFile,
  labelCase,
  memberNamed,
  openCase,
  openTimeline,
  openTitle,
  removeReader,
  rowOf,
  sendMessage,
  sortCase,
  type Thread,
} from '#client'
import { isProject, SORTS, type Sort } from '#lexicon'
import { isCoordinator, Refused } from '#seal'
import { attachmentsOf, messageLines, warnBroken } from './case-text.ts'
import { enter, MEMBER_FLAGS, type Shift } from './enter.ts'
import { readText, saveWhole, sourcesOf } from './files.ts'
import { answer, line } from './print.ts'
import { needed, readFlags, UsageError, wordsAre } from './usage.ts'

/** `postern case VERB …`, each verb a short play: enter, open the case, act, say what is now. */
export async function cases(args: readonly string[]): Promise<void> {
  const [verb, ...rest] = args
  const play = verb === undefined ? undefined : VERBS.get(verb)
  if (play === undefined)
    throw new UsageError(`Say what to do with the case: ${[...VERBS.keys()].join(', ')}.`)
  await play(rest)
}

const VERBS: ReadonlyMap<string, (args: readonly string[]) => Promise<void>> = new Map([
  ['show', show],
  ['ack', ack],
  ['reply', reply],
  ['note', note],
  ['sort', sort],
  ['add', add],
  ['remove', remove],
  ['close', close],
  ['get', get],
  ['export', exportTo],
])

const THREAD_FLAGS = { ...MEMBER_FLAGS, project: 'text' } as const

async function show(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, MEMBER_FLAGS)
  const [id] = wordsAre(flags.words, 'ID')
  const shift = await enter(flags)
  let within = await findCase(shift, id)
  const mine = isCoordinator(shift.view.directory.now, shift.self.signer.who)
  if (mine && within.fold.titleSeq < 0) within = await labelCase(shift, within, shift.keyring)
  await present(shift, within)
}

async function ack(args: readonly string[]): Promise<void> {
  await act(args, (shift, within) => acknowledge(shift, within))
}

async function reply(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, { ...THREAD_FLAGS, text: 'text', attach: 'many' })
  const [id] = wordsAre(flags.words, 'ID')
  await send(flags, id, threadOf(flags.project))
}

async function note(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, { ...MEMBER_FLAGS, text: 'text', attach: 'many' })
  const [id] = wordsAre(flags.words, 'ID')
  await send(flags, id, 'desk')
}

async function sort(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, MEMBER_FLAGS)
  const [id, name] = wordsAre(flags.words, 'ID', 'SORT')
  const sorted = SORTS.find((known) => known === name)
  if (sorted === undefined) throw new UsageError(`A sort is one of ${SORTS.join(', ')}.`)
  await actOn(flags, id, (shift, within) => sortCase(shift, within, sorted satisfies Sort))
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

async function get(args: readonly string[]): Promise<void> {
  const flags = readFlags(
    args.map((each) => (each === '-o' ? '--out' : each)),
    {
      ...MEMBER_FLAGS,
      out: 'text',
    },
  )
  const [id, wanted] = wordsAre(flags.words, 'ID', 'ATTACHMENT')
  const path = needed(flags.out, '-o FILE')
  const shift = await enter(flags)
  const { view, self, keyring, print } = shift
  const within = await findCase(shift, id)
  const { messages } = await openTimeline(view, within, self, keyring)
  const found = messages.flatMap((message) => message.files.map((entry) => ({ message, entry })))
  const byId = found.filter(({ entry }) => entry.blob === wanted)
  const byName = found.filter(
    ({ entry }) => entry.name === wanted || (wanted.length >= 8 && entry.blob.startsWith(wanted)),
  )
  // A file may be named like the id of another: the id wins.
  const [only, ...others] = byId.length > 0 ? byId.slice(0, 1) : byName
  if (only === undefined) throw new ClientError('not-found', 'This case has no such attachment.')
  if (others.length > 0)
    throw new UsageError(
      'More than one attachment has this name: give the id that “case show” prints.',
    )
  const { message, entry } = only
  await saveWhole(path, fetchFile(view, within, self, keyring, message, entry))
  const [saved] = attachmentsOf([entry])
  answer(print, { ...saved, file: path }, () => [
    `Saved ${entry.size} bytes, sha256 ${entry.sha256}.`,
  ])
}

async function exportTo(args: readonly string[]): Promise<void> {
  const flags = readFlags(
    args.map((each) => (each === '-o' ? '--out' : each)),
    {
      ...MEMBER_FLAGS,
      out: 'text',
    },
  )
  const [id] = wordsAre(flags.words, 'ID')
  const folder = needed(flags.out, '-o DIR')
  const { view, self, keyring, print, ...rest } = await enter(flags)
  const within = await findCase({ view, self, keyring, print, ...rest }, id)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const write = (name: string, content: AsyncIterable<Uint8Array>) =>
    saveWhole(join(folder, name), content)
  const { secretKey, files } = await exportCase(view, within, self, keyring, write)
  answer(print, { number: within.number, files, key: secretKey }, () => [
    secretKey.trimEnd(),
    '',
    `${files} sealed files are in ${folder}. The key above opens them and is printed only now.`,
  ])
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
  const within = await change(shift, await findCase(shift, id))
  const row = rowOf(within, await openTitle(shift, shift.keyring, within))
  answer(shift.print, row, () => [
    `${row.number}: ${row.lane}${row.sort === '' ? '' : `, ${row.sort}`}`,
  ])
}

async function send(
  flags: MemberFlags & { readonly text: string | undefined; readonly attach: readonly string[] },
  id: string,
  thread: Thread,
): Promise<void> {
  const text = await readText(needed(flags.text, '--text FILE'))
  const files = await sourcesOf(flags.attach)
  await actOn(flags, id, (shift, within) => sendMessage(shift, within, thread, { text, files }))
}

/** A case by its id, by the beginning of its id (16 digits or more), or by its number. */
async function findCase(shift: Shift, wanted: string): Promise<CaseView> {
  if (/^[0-9a-f]{64}$/.test(wanted)) return openCase(shift.view, wanted)
  const prefix = /^[0-9a-f]{16,63}$/.test(wanted)
  let after: string | undefined
  const ids: string[] = []
  do {
    const query = { state: 'all' as const, after, limit: 200 }
    const page = await shift.view.api.call('listCases', { query })
    for (const row of page.cases)
      if (row.number === wanted.toUpperCase() || (prefix && row.id.startsWith(wanted)))
        ids.push(row.id)
    after = page.next
  } while (after !== undefined)
  const [only, ...others] = ids
  if (only === undefined || others.length > 0)
    throw new ClientError('not-found', 'There is no such case, or it is not for you.')
  const within = await openCase(shift.view, only)
  // The list is the server’s word: the number counts only as the signed receipt of this case has it.
  if (!prefix && within.number !== wanted.toUpperCase())
    throw new Refused('of', 'The desk answered with another case than the one of this number.')
  return within
}

async function present(shift: Shift, within: CaseView): Promise<void> {
  const { view, self, keyring, print } = shift
  const { messages, broken } = await openTimeline(view, within, self, keyring)
  const row = rowOf(within, await openTitle(shift, keyring, within))
  const readers = within.fold.circles.get('all')?.at(-1)?.readers ?? []
  const people = readers
    .filter((reader) => !reader.includes('/') && reader !== within.fold.reporter.who)
    .map((who) => view.directory.now.members.get(who)?.handle ?? who)
  const shown = messages.map(({ id, type, from, at, to, text, files }) => ({
    id,
    type,
    from,
    at,
    to,
    text,
    attachments: files.map(({ blob, name, size, sha256 }) => ({ id: blob, name, size, sha256 })),
  }))
  answer(print, { ...row, people, messages: shown }, () => [
    `${row.number}  ${line(row.title)}`,
    `${row.lane}${row.sort === '' ? '' : `, ${row.sort}`}, received ${row.received}${row.due === '' ? '' : `, acknowledge by ${row.due}`}`,
    `case ${row.id}`,
    ...(people.length === 0 ? [] : [`with ${people.map(line).join(', ')}`]),
    ...messages.flatMap(messageLines),
  ])
  warnBroken(print, broken)
}

function threadOf(project: string | undefined): 'all' | `p-${string}` {
  if (project === undefined) return 'all'
  if (!isProject(project))
    throw new UsageError('A project is named in small letters, digits and dashes.')
  return `p-${project}`
}
