import { isStrong, type Role } from '#lexicon'
import type { Person } from './person.ts'
import type { Place } from './statement.ts'
import type { DeskHead } from './statement-forms.ts'

export type Member = {
  readonly who: Person
  /** OpenPGP certificate, base64. */
  readonly enc: string
  readonly handle: string
  readonly roles: readonly Role[]
  readonly active: boolean
  readonly met: 'words' | 'seen' | 'none'
  /** The keys that this one was rotated from, newest first: the same human being (5.3). */
  readonly earlier: readonly Person[]
  /** The statement by which the key ended; `""` while it is active. */
  readonly ended: string
}

export type DeskEpoch = {
  readonly cert: string
  /** Persons for `desk`; the one `desk/n` for `mail`. */
  readonly readers: readonly string[]
  /** The desk.key statement that made it. */
  readonly by: string
}

/** The state of the desk chain after one statement. A value: later statements make new ones. */
export type DirectoryState = {
  readonly seq: number
  readonly id: string
  readonly at: string
  readonly name: string
  readonly domain: string
  readonly root: Person
  readonly server: Person
  /** Server keys that ended, each with the statement by which it did: they sign nothing afterwards (N21). */
  readonly formerServers: ReadonlyMap<Person, string>
  readonly members: ReadonlyMap<Person, Member>
  /** Every key that ever stood in this chain: none of them may come again as a new person. */
  readonly seen: ReadonlySet<Person>
  readonly invitations: ReadonlySet<string>
  readonly desk: readonly DeskEpoch[]
  readonly mail: readonly DeskEpoch[]
  readonly rules: string
}

/** A folded desk chain: the state now, and after each statement, for heads that name an older one in `dir`. */
export type Directory = {
  readonly desk: string
  readonly head: Place
  readonly now: DirectoryState
  readonly after: ReadonlyMap<string, DirectoryState>
  readonly statements: ReadonlyMap<string, DeskHead>
  /** Statements that wait for a second person. Only these can be approved: what counted by root alone cannot come to life again. */
  readonly pending: ReadonlySet<string>
  readonly approved: ReadonlySet<string>
  readonly withdrawn: ReadonlySet<string>
}

export function memberOf(state: DirectoryState, who: Person): Member | undefined {
  return state.members.get(who)
}

/** The statement by which this key ended, as a member's or as the server's; `""` while it stands (F6). */
export function endOf(state: DirectoryState, who: Person): string {
  return state.members.get(who)?.ended ?? state.formerServers.get(who) ?? ''
}

export function isActive(state: DirectoryState, who: Person): boolean {
  return state.members.get(who)?.active === true
}

export function hasRole(state: DirectoryState, who: Person, role: Role): boolean {
  const member = state.members.get(who)
  return member?.active === true && member.roles.includes(role)
}

export function isCoordinator(state: DirectoryState, who: Person): boolean {
  return hasRole(state, who, 'coordinator')
}

export function coordinatorsOf(state: DirectoryState): readonly Person[] {
  return [...state.members.keys()].filter((who) => isCoordinator(state, who))
}

/**
 * Who was coordinator, or the desk's server, at any time and is neither now. What they signed was honest
 * perhaps, and gives nothing any more: when they signed it nobody proves.
 */
export function formerMakersOf({ now, after }: Directory): readonly Person[] {
  const ever = new Set<Person>()
  for (const state of after.values())
    for (const who of [...coordinatorsOf(state), state.server]) ever.add(who)
  return [...ever].filter((who) => who !== now.server && !isCoordinator(now, who))
}

/** `desk/n` of the newest desk epoch; `desk/0` before there is one. */
export function newestDeskKey(state: DirectoryState): string {
  return `desk/${state.desk.length}`
}

/** May be sealed to: it is the newest epoch, and every one of its readers is a coordinator still (F7). */
export function isFreshDeskKey(state: DirectoryState, name: string): boolean {
  const epoch = state.desk.at(-1)
  if (epoch === undefined || name !== newestDeskKey(state)) return false
  return epoch.readers.every((who) => isCoordinator(state, who))
}

export function isStrongMember(state: DirectoryState, who: Person): boolean {
  return isStrong(state.members.get(who)?.roles ?? [])
}

/** The active key of this human being: the one named, or the one that it was rotated to. */
export function currentKeyOf(state: DirectoryState, who: Person): Person | undefined {
  if (isActive(state, who)) return who
  for (const member of state.members.values())
    if (member.active && member.earlier.includes(who)) return member.who
  return undefined
}

/** Are these two keys of one human being, as far as the chain says? */
export function isSamePerson(state: DirectoryState, a: Person, b: Person): boolean {
  if (a === b) return true
  const earlierOf = (who: Person) => state.members.get(who)?.earlier ?? []
  return earlierOf(a).includes(b) || earlierOf(b).includes(a)
}
