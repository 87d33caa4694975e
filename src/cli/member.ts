import { rm } from 'node:fs/promises'
import {
  admit,
  answerInvitation,
  approve,
  closeKeyFile,
  findApplicant,
  invite,
  memberNamed,
  newApplicant,
  openCase,
  pendingOf,
  renewStaleCircles,
  revoke,
} from '#client'
import { isRole, MEETINGS } from '#lexicon'
import { isCoordinator, newCode } from '#seal'
import { askNewPassphrase } from './ask.ts'
import { DESK_FLAGS, enter, MEMBER_FLAGS, type Shift, visit } from './enter.ts'
import { writeSecret } from './files.ts'
import { answer, line, table } from './print.ts'
import { needed, readFlags, UsageError, wordsAre } from './usage.ts'

/** `postern member VERB …` */
export async function members(args: readonly string[]): Promise<void> {
  const [verb, ...rest] = args
  const play = verb === undefined ? undefined : VERBS.get(verb)
  if (play === undefined) throw new UsageError(`Say what to do: ${[...VERBS.keys()].join(', ')}.`)
  await play(rest)
}

const VERBS: ReadonlyMap<string, (args: readonly string[]) => Promise<void>> = new Map([
  ['list', list],
  ['invite', inviteSomebody],
  ['accept', accept],
  ['admit', admitSomebody],
  ['approve', approvePending],
  ['revoke', revokeSomebody],
])

async function list(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, MEMBER_FLAGS)
  wordsAre(flags.words)
  const { view, print } = await enter(flags)
  const everybody = [...view.directory.now.members.values()].map((member) => ({
    name: member.handle,
    key: member.who,
    roles: member.roles,
    active: member.active,
    met: member.met,
  }))
  const pending = pendingOf(view).map(([id, head]) => ({ id, type: head.type, by: head.by }))
  answer(print, { members: everybody, pending }, () => [
    ...table([
      ['name', 'roles', 'compared', 'key'],
      ...everybody.map(({ name, roles, active, met, key }) => [
        line(name),
        active ? roles.join(', ') : 'left',
        met,
        key.slice(0, 16),
      ]),
    ]),
    ...pending.map(
      ({ id, type }) => `Waits for a second person: ${type}, postern member approve ${id}`,
    ),
  ])
}

async function inviteSomebody(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, { ...MEMBER_FLAGS, role: 'many' })
  wordsAre(flags.words)
  if (flags.role.length === 0 || !flags.role.every(isRole))
    throw new UsageError(
      'Give --role coordinator, board, steward, operator, guest or maintainer:PROJECT.',
    )
  const { view, print } = await enter(flags)
  const { code, expires } = await invite(view, flags.role)
  answer(print, { invitation: code.words, expires }, () => [
    'Give these twelve words to the person, by a way that you trust:',
    '',
    `    ${code.words}`,
    '',
    `They work once, until ${expires}: postern member accept --to ${view.api.origin} --invitation "…" --name … --key-out …`,
  ])
}

async function accept(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, {
    ...DESK_FLAGS,
    invitation: 'text',
    name: 'text',
    'key-out': 'text',
  })
  wordsAre(flags.words)
  const words = needed(flags.invitation, '--invitation "twelve words"')
  const name = needed(flags.name, '--name NAME')
  const path = needed(flags['key-out'], '--key-out FILE')
  const passphrase = await askNewPassphrase()
  const { view, print } = await visit(flags)
  const { person, who, keyWords } = await newApplicant(view)
  const recovery = newCode()
  // Before the invitation is used up: it works once, and keys that are nowhere are lost.
  await writeSecret(path, await closeKeyFile(view.id, person, passphrase, recovery))
  await answerInvitation(view, words, name, person).catch(async (error: unknown) => {
    await rm(path, { force: true })
    throw error
  })
  answer(print, { key: who, words: keyWords, recovery: recovery.words }, () => [
    'Read these key words aloud to the coordinator who admits you:',
    '',
    `    ${keyWords}`,
    '',
    'Write down your recovery words; they open the key file when the passphrase is lost:',
    '',
    `    ${recovery.words}`,
  ])
}

async function admitSomebody(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, { ...MEMBER_FLAGS, met: 'text' })
  const [name] = wordsAre(flags.words, 'NAME')
  const met = MEETINGS.find((known) => known === (flags.met ?? 'none'))
  if (met === undefined) throw new UsageError('--met is words, seen or none.')
  const { view, self, print } = await enter(flags)
  const applicant = await findApplicant(view, self, name)
  if (applicant.roles.includes('coordinator') && met === 'none')
    throw new UsageError(
      'A coordinator is admitted only after a comparison: read the key words with them and give --met words or --met seen.',
    )
  const { waits } = await admit(view, self, applicant, met)
  const { handle, roles, keyWords, who } = applicant
  answer(print, { name: handle, key: who, roles, met, words: keyWords, waits }, () => [
    waits
      ? `${line(handle)} waits for a second person’s approval (${roles.join(', ')}).`
      : `${line(handle)} is a member now (${roles.join(', ')}).`,
    `Their key words: ${keyWords}`,
  ])
}

async function approvePending(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, MEMBER_FLAGS)
  const [id] = wordsAre(flags.words, 'ID')
  const shift = await enter(flags)
  const view = await approve(shift.view, shift.self, id)
  await renewOpenCases({ ...shift, view })
  answer(shift.print, { approved: id }, () => ['Approved: it counts from now on.'])
}

async function revokeSomebody(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, MEMBER_FLAGS)
  const [name] = wordsAre(flags.words, 'NAME')
  const shift = await enter(flags)
  const member = memberNamed(shift.view.directory, name)
  const { view, waits } = await revoke(shift.view, shift.self, member)
  if (!waits && member.who !== shift.self.signer.who) await renewOpenCases({ ...shift, view })
  answer(shift.print, { name: member.handle, key: member.who, waits }, () => [
    waits
      ? `The end of ${line(member.handle)} waits for a second person’s approval.`
      : `${line(member.handle)} is no member any more, and reads nothing that comes after.`,
  ])
}

/** Circles that went stale get their new epoch at once, so that nobody has to wait for the next writer. */
async function renewOpenCases(shift: Shift): Promise<void> {
  if (!isCoordinator(shift.view.directory.now, shift.self.signer.who)) return
  let after: string | undefined
  do {
    const query = { state: 'open' as const, after, limit: 200 }
    const page = await shift.view.api.call('listCases', { query })
    for (const row of page.cases) await renewStaleCircles(shift, await openCase(shift.view, row.id))
    after = page.next
  } while (after !== undefined)
}
