import { DAY, DIRECTORY_FRESH, isStrong, millisecondsOf, type Role } from '#lexicon'
import {
  currentKeyOf,
  type DeskHead,
  type Directory,
  type HeadOf,
  isCoordinator,
  type Member,
  memberOf,
  type Person,
} from '#seal'
import { appendToDesk, type Composer } from './append.ts'
import { ClientError } from './client-error.ts'
import { deskReaders, newDeskEpochs } from './desk-keys.ts'
import type { DeskView } from './desk-view.ts'
import type { Done } from './admit.ts'
import { grantDeskKeys } from './grant-desk-keys.ts'
import { demandOwnHandle } from './look-alike.ts'
import { rootFor } from './root-for.ts'
import type { Self } from './self.ts'

/**
 * The active member with this key or this handle. Two of the same name are refused; but a key is one
 * person's, and whoever takes it as their handle is not meant by it.
 */
export function memberNamed(directory: Directory, handle: string): Member {
  const everybody = [...directory.now.members.values()]
  const key = everybody.find((member) => member.who === handle)
  const named = key === undefined ? everybody.filter((member) => member.handle === handle) : [key]
  const [only, ...others] = named.filter((member) => member.active)
  if (only === undefined)
    throw new ClientError('unknown-member', `There is no active member with the name ${handle}.`)
  if (others.length > 0)
    throw new ClientError(
      'unknown-member',
      `More than one member is called ${handle}: give the key.`,
    )
  return only
}

/**
 * Ends a member's key. Against a coordinator or board member it needs root or a second person; a
 * coordinator's end comes in one batch with the desk's new keys, so the letterbox is never stale.
 */
export async function revoke(view: DeskView, self: Self, member: Member): Promise<Done> {
  const own = member.who === self.signer.who
  if (own && member.roles.includes('coordinator'))
    throw new ClientError(
      'need-root',
      'Another coordinator must end your key: they make the next desk key.',
    )
  const { signer, waits, byRoot } = rootFor(view, self, isStrong(member.roles) && !own)
  const next = await appendToDesk(view, (desk) => {
    const end: Composer<DeskHead> = async (place) => ({
      signer,
      head: { ...place(signer), type: 'member.revoke', who: member.who, reason: 'left' },
      blobs: [],
    })
    if (waits) return [end]
    return [end, ...whatFollows(desk, self, { type: 'member.revoke', who: member.who })]
  })
  return { view: next, waits, byRoot }
}

/**
 * Gives a member exactly these roles. To give or take a strong one needs root or a second person; a new
 * coordinator gets the desk's keys, and one who ends takes them along in the same batch.
 */
export async function changeRoles(
  view: DeskView,
  self: Self,
  member: Member,
  roles: readonly Role[],
): Promise<Done> {
  const [was, becomes] = [member.roles, roles].map((each) => each.includes('coordinator'))
  if (becomes === true && member.met === 'none')
    throw new ClientError(
      'need-root',
      'A coordinator is somebody whose key words were compared when they were admitted.',
    )
  if (was === true && becomes === false && member.who === self.signer.who)
    throw new ClientError(
      'need-root',
      'Another coordinator must take this role from you: they make the next desk key.',
    )
  const strong = isStrong(roles) || isStrong(member.roles)
  const { signer, waits, byRoot } = rootFor(view, self, strong)
  const own = { type: 'member.role', who: member.who, roles } as const
  const next = await appendToDesk(view, (desk) => {
    const change: Composer<DeskHead> = async (place) => ({
      signer,
      head: { ...place(signer), ...own },
      blobs: [],
    })
    return waits ? [change] : [change, ...whatFollows(desk, self, own)]
  })
  return { view: next, waits, byRoot }
}

/** Statements about people and the server that wait for a second person, oldest first; releases: `waitingReleases`. */
export function pendingOf({ directory }: DeskView): readonly (readonly [string, DeskHead])[] {
  return [...directory.statements].filter(
    ([id, head]) => head.type !== 'release' && directory.pending.has(id),
  )
}

/**
 * The second signature. What it brings into effect may end or add a coordinator: then the new desk keys,
 * or the grants of the old ones, come in the same batch.
 */
export async function approve(view: DeskView, self: Self, id: string): Promise<DeskView> {
  return appendToDesk(view, (desk) => {
    const what = desk.directory.statements.get(id)
    if (what === undefined || !desk.directory.pending.has(id))
      throw new ClientError('not-found', 'Nothing with this id waits for a second person.')
    if (what.type === 'release')
      throw new ClientError(
        'document',
        'This is a release: its bytes are shown before it is approved.',
      )
    const second: Composer<DeskHead> = async (place) => ({
      signer: self.signer,
      head: { ...place(self.signer), type: 'approve', what: id },
      blobs: [],
    })
    if (what.type === 'member.admit') demandOwnHandle(desk.directory.now, what.handle)
    return [second, ...whatFollows(desk, self, what)]
  })
}

/** Fields of a statement about a member that bring a coordinator in, or end one. */
type Change =
  | { readonly type: 'member.revoke'; readonly who: Person }
  | { readonly type: 'member.role'; readonly who: Person; readonly roles: readonly Role[] }
  | Pick<HeadOf<'member.admit'>, 'type' | 'who' | 'enc' | 'roles'>

/** The rest of the batch in which `what` counts: new desk keys where a coordinator ends, the old ones for a new one. */
function whatFollows(
  desk: DeskView,
  self: Self,
  what: DeskHead | Change,
): readonly Composer<DeskHead>[] {
  if (what.type === 'member.admit')
    return what.roles.includes('coordinator') ? grantTo(desk, self, what) : []
  if (what.type !== 'member.revoke' && what.type !== 'member.role') return []
  const state = desk.directory.now
  const member = memberOf(state, currentKeyOf(state, what.who) ?? '')
  if (member === undefined) return []
  const was = isCoordinator(state, member.who)
  const becomes = what.type === 'member.role' && what.roles.includes('coordinator')
  if (!was) return becomes ? grantTo(desk, self, member) : []
  if (becomes) return []
  if (!isCoordinator(state, self.signer.who))
    throw new ClientError(
      'need-root',
      'This ends a coordinator: only another coordinator can do it, with the next desk key.',
    )
  return newDeskEpochs(self.signer, state, deskReaders(desk, member.who), desk.api)
}

/** Where no coordinator approves, one of them gives the keys afterwards: `grantAgain`. */
function grantTo(
  desk: DeskView,
  self: Self,
  reader: { readonly who: Person; readonly enc: string },
): readonly Composer<DeskHead>[] {
  const able = isCoordinator(desk.directory.now, self.signer.who)
  return able ? [grantDeskKeys(desk, self, reader)] : []
}

/** New epochs of the desk's own circles for the coordinators of now. */
export function renewDeskKeys(view: DeskView, self: Self): Promise<DeskView> {
  return appendToDesk(view, (desk) =>
    newDeskEpochs(self.signer, desk.directory.now, deskReaders(desk), desk.api),
  )
}

/** Every desk key that this coordinator can open, once more for another coordinator who lacks some. */
export function grantAgain(view: DeskView, self: Self, member: Member): Promise<DeskView> {
  return appendToDesk(view, (desk) => [grantDeskKeys(desk, self, member)])
}

/** A coordinator's client keeps the desk chain young (PROTOCOL 3): once a week. */
export async function beatWeekly(view: DeskView, self: Self): Promise<DeskView> {
  if (!isCoordinator(view.directory.now, self.signer.who)) return view
  const age = view.clock() - millisecondsOf(view.directory.now.at)
  // From 30 days on a beat would hide what the 30-day rule is for: the person looks first (“desk beat”).
  if (age < 7 * DAY || age >= DIRECTORY_FRESH) return view
  return beat(view, self)
}

export function beat(view: DeskView, self: Self): Promise<DeskView> {
  return appendToDesk(
    view,
    () => [
      async (place) => ({
        signer: self.signer,
        head: { ...place(self.signer), type: 'desk.beat' },
        blobs: [],
      }),
    ],
    true,
  )
}
