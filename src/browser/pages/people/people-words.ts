import { isProject, isStrong } from '#lexicon'
import type { MemberShown, MeShown, PeopleShown, PendingShown } from '#worker'
import { roleWord } from '../../parts/act-words.ts'
import { visibleLine } from '../../visible-text.ts'

export type RoleKind = 'coordinator' | 'maintainer' | 'board' | 'steward' | 'operator' | 'guest'

/** Each role with the one line that says what it means for whoever gives it. */
export const ROLE_KINDS: readonly {
  readonly value: RoleKind
  readonly label: string
  readonly hint: string
}[] = [
  {
    value: 'coordinator',
    label: 'Coordinator',
    hint: 'Opens every report, answers, admits others. Needs a comparison of words and a second person, or the root.',
  },
  {
    value: 'maintainer',
    label: 'Maintainer of a project',
    hint: 'Sees only the cases that a coordinator shares with them.',
  },
  {
    value: 'board',
    label: 'Board',
    hint: 'Gets the private reports, approves who joins and leaves. Sees no case. Needs a second person, or the root.',
  },
  {
    value: 'steward',
    label: 'Data steward',
    hint: 'Decides what is kept or destroyed. Sees no case. Needs a second person, or the root.',
  },
  { value: 'operator', label: 'Operator', hint: 'Runs the server and its backups. Opens nothing.' },
  {
    value: 'guest',
    label: 'Guest',
    hint: 'Somebody with special knowledge. Sees only the cases that a coordinator shares.',
  },
]

/** `undefined` while a maintainer’s project is no short name. */
export function roleOf(kind: RoleKind, project: string): string | undefined {
  if (kind !== 'maintainer') return kind
  const name = project.trim().toLowerCase()
  return isProject(name) ? `maintainer:${name}` : undefined
}

export const PROJECT_ERROR =
  'Write the project’s short name in small letters, digits and hyphens, such as example-lib.'

export function rolesWords(roles: readonly string[]): string {
  return roles.length === 0 ? 'no role' : roles.map(roleWord).join(', ')
}

export type Groups = {
  /** Coordinators. */
  readonly desk: readonly MemberShown[]
  readonly others: readonly MemberShown[]
  readonly former: readonly MemberShown[]
}

/** Coordinators first, then the others by role; who left stands apart and is never forgotten. */
export function groupMembers(members: readonly MemberShown[]): Groups {
  const active = members.filter((each) => each.active)
  return {
    desk: active.filter(isCoordinator).toSorted(byName),
    others: active
      .filter((each) => !isCoordinator(each))
      .toSorted((a, b) => rank(a) - rank(b) || byName(a, b)),
    former: members.filter((each) => !each.active).toSorted(byName),
  }
}

/** `4 coordinators, 11 maintainers, 3 board` */
export function countedWords(members: readonly MemberShown[]): string {
  const { desk, others } = groupMembers(members)
  const maintainers = others.filter(({ roles }) => roles.some(isMaintainer)).length
  const board = others.filter(({ roles }) => roles.includes('board')).length
  const rest =
    others.length -
    others.filter(({ roles }) => roles.some(isMaintainer) || roles.includes('board')).length
  return [
    many(desk.length, 'coordinator'),
    maintainers > 0 ? many(maintainers, 'maintainer') : '',
    board > 0 ? `${board} board` : '',
    rest > 0 ? many(rest, 'other') : '',
  ]
    .filter((part) => part !== '')
    .join(', ')
}

export type Warning = {
  readonly tone: 'plain' | 'due' | 'late'
  readonly title: string
  readonly text: string
}

/** What is weaker than the charter or good sense want, the worst first. */
export function peopleWarnings(
  people: Pick<PeopleShown, 'members' | 'forged'>,
): readonly Warning[] {
  const coordinators = groupMembers(people.members).desk.length
  const warnings: Warning[] = []
  if (people.forged > 0)
    warnings.push({
      tone: 'late',
      title: `${many(people.forged, 'invitation')} ${people.forged === 1 ? 'does' : 'do'} not hold.`,
      text: 'No coordinator of now signed it, or its answer was made without its code. Either whoever invited has left the desk, or somebody at the server tried to bring in a key of their own. Nobody was admitted. Take it back below and invite again; where nobody left, tell the operator.',
    })
  if (coordinators < 2)
    warnings.push({
      tone: 'late',
      title: coordinators === 1 ? 'There is one coordinator.' : 'There is no coordinator.',
      text: 'If the keys of the last one are lost, every report is lost with them, and nobody can reset them. Invite two more today.',
    })
  else if (coordinators < 5)
    warnings.push({
      tone: 'due',
      title: `${NUMBERS[coordinators] ?? ''} coordinators. The charter asks for five.`,
      text: 'Until then everything works. The board chooses who joins.',
    })
  if (coordinators < 3)
    warnings.push({
      tone: 'plain',
      title: 'The root stands on paper only.',
      text: 'If fewer than two coordinators are left, only its twelve words admit the next one. Know where both papers are.',
    })
  return warnings
}

/** Does an act about these roles need the root's words first? Nobody else could be the second person (PROTOCOL 5.3). */
export function needsRoot(
  members: readonly MemberShown[],
  me: Pick<MeShown, 'who' | 'root'>,
  roles: readonly string[],
): boolean {
  if (me.root || !isStrong(roles)) return false
  return !members.some(
    (each) =>
      each.active && each.who !== me.who && (isCoordinator(each) || each.roles.includes('board')),
  )
}

const NUMBERS = ['No', 'One', 'Two', 'Three', 'Four']

/** What waits for a second signature, as one sentence. */
export function pendingSentence({ type, about, roles, by }: PendingShown): string {
  const who = visibleLine(about)
  const from = visibleLine(by.name)
  switch (type) {
    case 'member.admit':
      return `${from} wants to admit ${who} as ${rolesWords(roles)}.`
    case 'member.role':
      return `${from} wants ${who} to be ${rolesWords(roles)} from now on.`
    case 'member.revoke':
      return `${from} wants to end the key of ${who}.`
    case 'desk.server':
      return `${from} says that the server has a new key.`
    case 'desk.restored':
      return `${from} says that the server was restored from a backup, and what was lost.`
    case 'desk.rules':
      return `${from} wants other rules for the desk.`
    default:
      return `${from} signed ${visibleLine(type)}.`
  }
}

/** What an approval brings about; it is signed and cannot be taken back. */
export function approvalConsequence({ type, about, roles }: PendingShown): string {
  const who = visibleLine(about)
  if (type === 'member.revoke')
    return `From then on ${who} reads nothing new, and every case that they read gets a new key.`
  if (type === 'member.admit' && roles.includes('coordinator'))
    return `From then on ${who} opens every report, the old ones too. Did you hear them read their words?`
  if (type === 'member.admit') return `From then on ${who} is a member: ${rolesWords(roles)}.`
  if (type === 'member.role') return `From then on ${who} is ${rolesWords(roles)}.`
  if (type === 'desk.restored')
    return 'From then on the desk takes reports again. Compare with the operator what was lost before you sign.'
  return 'It counts from then on, for everybody.'
}

/** What ending this key does, sentence by sentence. */
export function revokeConsequences(member: MemberShown, me: MeShown): readonly string[] {
  const coordinator = isCoordinator(member)
  const strong = isStrong(member.roles)
  const mine = member.who === me.who
  return [
    `${mine ? 'You read' : `${visibleLine(member.name)} reads`} nothing that is written from now on, and ${mine ? 'your' : 'their'} sessions end.`,
    `What ${mine ? 'you' : 'they'} read before, ${mine ? 'you' : 'they'} may have kept: nobody can take that back.`,
    coordinator
      ? 'The desk gets new keys in the same step, and every case that is open gets one as well. That may take a minute.'
      : 'Each case that they read gets a new key with the next writing.',
    ...(strong && !mine
      ? [
          me.root
            ? 'It is signed with the desk’s root, whose words you gave, and counts at once.'
            : 'It counts only after a second person approves.',
        ]
      : []),
    'It stands in the public record and cannot be undone. The person can be invited again, with a new key.',
  ]
}

export function isCoordinator({ roles }: Pick<MemberShown, 'roles'>): boolean {
  return roles.includes('coordinator')
}

export function many(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}

function isMaintainer(role: string): boolean {
  return role.startsWith('maintainer:')
}

function rank({ roles }: MemberShown): number {
  if (roles.some(isMaintainer)) return 0
  return 1 + ['board', 'steward', 'operator', 'guest'].findIndex((role) => roles.includes(role))
}

function byName(a: MemberShown, b: MemberShown): number {
  return a.name.localeCompare(b.name, 'en', { numeric: true })
}

/** The projects that somebody maintains. */
export function projectsOf(roles: readonly string[]): readonly string[] {
  return roles.filter(isMaintainer).map((role) => role.slice('maintainer:'.length))
}

/** Plain roles and projects as typed, as the statement takes them; `undefined` where a project is no short name. */
export function rolesWith(plain: readonly string[], projects: string): string[] | undefined {
  const names = projects
    .toLowerCase()
    .split(/[\s,;]+/)
    .filter((name) => name !== '')
  if (!names.every(isProject)) return undefined
  const kept = ROLE_KINDS.map(({ value }) => value).filter((value) => plain.includes(value))
  return [...kept, ...new Set(names.map((name) => `maintainer:${name}`))]
}
