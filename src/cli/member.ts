import {
  admit,
  answerInvitation,
  approve,
  changeRoles,
  closeKeyFile,
  demandOpenInvitation,
  findApplicant,
  grantAgain,
  invite,
  memberNamed,
  newApplicant,
  noteAddress,
  renewOpenCases,
  revoke,
} from '#client'
import { isRole, LIMITS, looksLikeAddress, MEETINGS } from '#lexicon'
import { isCoordinator, newCode } from '#seal'
import { askNewPassphrase, confirmWords } from './ask.ts'
import { DESK_FLAGS, enter, MEMBER_FLAGS, type Shift, visit } from './enter.ts'
import { dropUnusedKeys, writeSecret } from './files.ts'
import { device } from './member-device.ts'
import { notices } from './member-notices.ts'
import { compare, rotate } from './member-keys.ts'
import { list } from './member-list.ts'
import { answer, line } from './print.ts'
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
  ['compare', compare],
  ['approve', approvePending],
  ['roles', giveRoles],
  ['rotate', rotate],
  ['revoke', revokeSomebody],
  ['grant', grantSomebody],
  ['address', address],
  ['notices', notices],
  ['device', device],
])

async function inviteSomebody(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, { ...MEMBER_FLAGS, role: 'many', note: 'text' })
  wordsAre(flags.words)
  demandRoles(flags.role)
  const { note = '' } = flags
  if (note.length > LIMITS.invitationNote || /\p{Cc}/u.test(note))
    throw new UsageError(`--note is one line of ${LIMITS.invitationNote} letters at most.`)
  const { view, self, print } = await enter(flags)
  const { code, expires } = await invite(view, self, flags.role, note)
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
  const { view, print } = await visit(flags)
  // Before a passphrase is thought of for one that was used already.
  await demandOpenInvitation(view, words)
  const passphrase = await askNewPassphrase()
  const { person, who, keyWords } = await newApplicant(view)
  const recovery = newCode()
  // Before the invitation is used up: it works once, and keys that are nowhere are lost.
  await writeSecret(path, await closeKeyFile(view.id, person, passphrase, recovery))
  await answerInvitation(view, words, name, person).catch((error: unknown) =>
    dropUnusedKeys(path, error),
  )
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
  if (met !== 'none') await confirmWords(applicant.handle, applicant.keyWords, applicant.roles)
  if (applicant.roles.includes('coordinator') && met === 'none')
    throw new UsageError(
      'A coordinator is admitted only after a comparison: read the key words with them and give --met words or --met seen.',
    )
  const { waits, byRoot } = await admit(view, self, applicant, met)
  const { handle, roles, keyWords, who } = applicant
  answer(print, { name: handle, key: who, roles, met, words: keyWords, waits, byRoot }, () => [
    waits
      ? `${line(handle)} waits for a second person’s approval (${roles.join(', ')}).`
      : `${line(handle)} is a member now (${roles.join(', ')}).`,
    ...rootLine(byRoot),
    `Their key words: ${keyWords}`,
  ])
}

/** Every desk key that I can open, for a coordinator who lacks some: after a restore, or a lost wrap. */
async function grantSomebody(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, MEMBER_FLAGS)
  const [name] = wordsAre(flags.words, 'NAME')
  const { view, self, print } = await enter(flags)
  const member = memberNamed(view.directory, name)
  if (!member.roles.includes('coordinator'))
    throw new UsageError(`${member.handle} is no coordinator: only they hold the desk’s keys.`)
  await grantAgain(view, self, member)
  answer(print, { name: member.handle }, () => [
    `${line(member.handle)} has every desk key that you have.`,
  ])
}

/** Exactly these roles, instead of those of before. */
async function giveRoles(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, { ...MEMBER_FLAGS, role: 'many' })
  const [name] = wordsAre(flags.words, 'NAME')
  demandRoles(flags.role)
  const shift = await enter(flags)
  const member = memberNamed(shift.view.directory, name)
  const { view, waits, byRoot } = await changeRoles(shift.view, shift.self, member, flags.role)
  if (!waits) await renewCases({ ...shift, view })
  answer(shift.print, { name: member.handle, roles: flags.role, waits, byRoot }, () => [
    waits
      ? `The roles of ${line(member.handle)} wait for a second person’s approval.`
      : `${line(member.handle)} is ${flags.role.join(', ')} from now on.`,
    ...rootLine(byRoot),
  ])
}

function demandRoles(roles: readonly string[]): void {
  if (roles.length === 0 || !roles.every(isRole))
    throw new UsageError(
      'Give --role coordinator, board, steward, operator, guest or maintainer:PROJECT.',
    )
}

async function approvePending(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, MEMBER_FLAGS)
  const [id] = wordsAre(flags.words, 'ID')
  const shift = await enter(flags)
  const view = await approve(shift.view, shift.self, id)
  await renewCases({ ...shift, view })
  answer(shift.print, { approved: id }, () => ['Approved: it counts from now on.'])
}

/** Where this member gets notices; the desk deletes it when their key ends. */
async function address(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, MEMBER_FLAGS)
  const [given] = wordsAre(flags.words, 'EMAIL')
  if (!looksLikeAddress(given)) throw new UsageError(`“${given}” is not a mail address.`)
  const { view, print } = await enter(flags)
  await noteAddress(view, given)
  answer(print, { noted: true }, () => ['Notices, which hold no content, go there.'])
}

async function revokeSomebody(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, MEMBER_FLAGS)
  const [name] = wordsAre(flags.words, 'NAME')
  const shift = await enter(flags)
  const member = memberNamed(shift.view.directory, name)
  const { view, waits, byRoot } = await revoke(shift.view, shift.self, member)
  if (!waits && member.who !== shift.self.signer.who) await renewCases({ ...shift, view })
  answer(shift.print, { name: member.handle, key: member.who, waits, byRoot }, () => [
    waits
      ? `The end of ${line(member.handle)} waits for a second person’s approval.`
      : `${line(member.handle)} is no member any more, and reads nothing that comes after.`,
    ...rootLine(byRoot),
  ])
}

/** Nobody uses the root without being told. */
function rootLine(byRoot: boolean): readonly string[] {
  return byRoot ? ['Signed with the desk’s root, whose words you gave: everybody sees that.'] : []
}

/** Circles that went stale get their new epoch at once, so that nobody has to wait for the next writer. */
async function renewCases(shift: Shift): Promise<void> {
  if (!isCoordinator(shift.view.directory.now, shift.self.signer.who)) return
  const failed = await renewOpenCases(shift)
  for (const { number, error } of failed)
    shift.print.say(`Case ${line(number)} keeps its old key: ${error.message}`)
  const [first] = failed
  if (first !== undefined) throw first.error
}
