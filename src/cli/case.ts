import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type CaseView,
  ClientError,
  exportCase,
  fetchFile,
  findCase,
  labelCase,
  openTimeline,
  openTitle,
  rowOf,
} from '#client'
import { hexOfBytes } from '#lexicon'
import { isCoordinator, sha256 } from '#seal'
import { ACTS } from './case-acts.ts'
import { CLAIM_ACTS } from './case-claims.ts'
import { mailFile, mailLines, type MailPrinted, printedMail } from './case-mail.ts'
import { PROJECT_ACTS, projectLines, projectsPrinted } from './case-projects.ts'
import { attachmentsOf, messageLines, shownRow, warnBroken } from './case-text.ts'
import { enter, MEMBER_FLAGS, type Shift } from './enter.ts'
import { saveWhole } from './files.ts'
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
  ...ACTS,
  ...CLAIM_ACTS,
  ...PROJECT_ACTS,
  ['get', get],
  ['export', exportTo],
])

async function show(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, MEMBER_FLAGS)
  const [id] = wordsAre(flags.words, 'ID')
  const shift = await enter(flags)
  let within = await findCase(shift.view, id)
  const mine = isCoordinator(shift.view.directory.now, shift.self.signer.who)
  if (mine && within.fold.titleSeq < 0) within = await labelCase(shift, within, shift.keyring)
  await present(shift, within)
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
  const within = await findCase(shift.view, id)
  const { messages } = await openTimeline(view, within, self, keyring)
  const ofMail = await mailFile(shift, within, messages, wanted)
  if (ofMail !== undefined) {
    await saveWhole(path, once(ofMail))
    const facts = { size: ofMail.length, sha256: hexOfBytes(sha256(ofMail)) }
    answer(print, { name: wanted, ...facts, file: path }, () => [
      `Saved ${facts.size} bytes, sha256 ${facts.sha256}.`,
    ])
    return
  }
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

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
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
  const { view, self, keyring, print } = await enter(flags)
  const within = await findCase(view, id)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  // Who takes a copy of a case with them stands in the ledger.
  await view.api.call('noteExport', { params: { id: within.id }, body: {} })
  const write = (name: string, content: AsyncIterable<Uint8Array>) =>
    saveWhole(join(folder, name), content)
  const { secretKey, files } = await exportCase(view, within, self, keyring, write)
  answer(print, { number: within.number, files, key: secretKey }, () => [
    secretKey.trimEnd(),
    '',
    `${files} sealed files are in ${folder}. The key above opens them and is printed only now.`,
  ])
}

async function present(shift: Shift, within: CaseView): Promise<void> {
  const { view, self, keyring, print } = shift
  const { messages, broken } = await openTimeline(view, within, self, keyring)
  const row = shownRow(view, rowOf(view, within, await openTitle(shift, keyring, within)))
  const readers = within.fold.circles.get('all')?.at(-1)?.readers ?? []
  const people = readers
    .filter((reader) => !reader.includes('/') && reader !== within.fold.reporter.who)
    .map((who) => view.directory.now.members.get(who)?.handle ?? who)
  const projects = projectsPrinted(shift, within)
  const mails = new Map<string, MailPrinted>()
  const first = messages.find(({ mail }) => mail !== undefined)?.mail
  for (const message of messages) {
    const mail = await printedMail(shift, within, message, first)
    if (mail !== undefined) mails.set(message.id, mail)
  }
  const shown = messages.map(({ id, type, from, at, to, text, facts, files }) => ({
    id,
    type,
    from,
    at,
    to,
    text: mails.get(id)?.text ?? text,
    facts,
    attachments: files.map((file) => ({
      id: file.blob,
      name: file.name,
      size: file.size,
      sha256: file.sha256,
    })),
    ...(mails.has(id) && { mail: mails.get(id) }),
  }))
  answer(print, { ...row, people, projects, messages: shown }, () => [
    `${row.number}  ${line(row.title)}`,
    `${row.lane}${row.sort === '' ? '' : `, ${row.sort}`}, received ${row.received}${row.due === '' ? '' : `, acknowledge by ${row.due}`}`,
    `case ${row.id}`,
    ...(row.taken === '' ? [] : [`taken by ${line(row.taken)}`]),
    ...(people.length === 0 ? [] : [`with ${people.map(line).join(', ')}`]),
    ...projectLines(projects),
    ...messages.flatMap((message) => {
      const mail = mails.get(message.id)
      return mail === undefined ? messageLines(message) : mailLines(mail, message.at)
    }),
  ])
  warnBroken(print, broken)
}
