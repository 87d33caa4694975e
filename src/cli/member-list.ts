import { type Applicant, type DeskView, listApplicants, pendingOf, trustOf } from '#client'
import { type DeskHead, isCoordinator, keyWords, memberOf } from '#seal'
import { enter, MEMBER_FLAGS } from './enter.ts'
import { answer, line, table } from './print.ts'
import { readFlags, wordsAre } from './usage.ts'

/** `postern member list`: who is in, what waits for a second person, who asks to join. */
export async function list(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, MEMBER_FLAGS)
  wordsAre(flags.words)
  const { view, self, print } = await enter(flags)
  const mine = isCoordinator(view.directory.now, self.signer.who)
  const { applicants, forged } = mine
    ? await listApplicants(view, self)
    : { applicants: [], forged: 0 }
  const waiting = applicants.map(applicantOf)
  const everybody = [...view.directory.now.members.values()].map((member) => ({
    name: member.handle,
    key: member.who,
    roles: member.roles,
    active: member.active,
    met: member.met,
    trust: trustOf(view, view.remembered, member.who, self.signer.who),
  }))
  const pending = pendingOf(view).map(([id, head]) => pendingAct(view, id, head))
  answer(print, { members: everybody, pending, applicants: waiting, forged }, () => [
    ...table([
      ['name', 'roles', 'met', 'here', 'key'],
      ...everybody.map(({ name, roles, active, met, trust, key }) => [
        line(name),
        active ? roles.join(', ') : 'left',
        met,
        trust,
        key.slice(0, 16),
      ]),
    ]),
    ...waiting.map(
      ({ name, roles, note, words }) =>
        `Asks to join: ${line(name)} (${roles.join(', ')})${note === '' ? '' : `, invited for “${line(note)}”`}. Key words to compare: ${words}`,
    ),
    ...(forged === 0
      ? []
      : [
          `Forged: ${forged} invitations that no coordinator of now signed, or answers without their code. Nobody was admitted by them.`,
        ]),
    ...pending.flatMap(pendingLines),
  ])
}

function applicantOf({ handle, roles, note, keyWords: words }: Applicant) {
  return { name: handle, roles, note, words }
}

/** What the second person would sign for: whom it is about, as what, with which key, and who wants it. */
function pendingAct({ id: desk, directory: { now } }: DeskView, id: string, head: DeskHead) {
  const who = 'who' in head ? head.who : ''
  const admitted = head.type === 'member.admit' ? head : undefined
  const roles = 'roles' in head ? head.roles : (memberOf(now, who)?.roles ?? [])
  return {
    id,
    type: head.type,
    by: head.by,
    proposer: memberOf(now, head.by)?.handle ?? '',
    at: head.at,
    name: admitted?.handle ?? memberOf(now, who)?.handle ?? '',
    key: who,
    roles,
    met: admitted?.met ?? '',
    words: admitted === undefined ? '' : keyWords(desk, who, admitted.enc),
  }
}

function pendingLines(act: ReturnType<typeof pendingAct>): readonly string[] {
  const { id, type, proposer, at, name, roles, met, words } = act
  const about = name === '' ? '' : ` ${line(name)} (${roles.join(', ')})`
  return [
    `Waits for a second person: ${type}${about}, by ${line(proposer)} at ${at}`,
    ...(words === '' ? [] : [`    met: ${met}. Key words to compare: ${words}`]),
    `    postern member approve ${id}`,
  ]
}
