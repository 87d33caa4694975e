import { DAY, DIRECTORY_FRESH, isStrong, millisecondsOf } from '#lexicon'
import { currentKeyOf, type DeskHead, type Directory, isCoordinator, type Member } from '#seal'
import { appendToDesk, type Composer } from './append.ts'
import { ClientError } from './client-error.ts'
import { deskReaders, newDeskEpochs } from './desk-keys.ts'
import type { DeskView } from './desk-view.ts'
import { grantDeskKeys } from './invitations.ts'
import type { Self } from './self.ts'

/** The active member with this handle. Handles are for people: two of the same name are refused. */
export function memberNamed(directory: Directory, handle: string): Member {
  const named = [...directory.now.members.values()].filter(
    (member) => member.active && (member.handle === handle || member.who === handle),
  )
  const [only, ...others] = named
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
export async function revoke(
  view: DeskView,
  self: Self,
  member: Member,
): Promise<{ readonly view: DeskView; readonly waits: boolean }> {
  const strong = isStrong(member.roles)
  const signer = strong && self.root !== undefined ? self.root : self.signer
  const waits = strong && self.root === undefined && member.who !== self.signer.who
  const coordinator = member.roles.includes('coordinator')
  if (coordinator && member.who === self.signer.who)
    throw new ClientError(
      'need-root',
      'Another coordinator must end your key: they make the next desk key.',
    )
  const next = await appendToDesk(view, (desk) => {
    const end: Composer<DeskHead> = async (place) => ({
      signer,
      head: { ...place(signer), type: 'member.revoke', who: member.who, reason: 'left' },
      blobs: [],
    })
    if (!coordinator || waits) return [end]
    const state = desk.directory.now
    return [end, ...newDeskEpochs(self.signer, state, deskReaders(state, member.who))]
  })
  return { view: next, waits }
}

/** Statements that wait for a second person, oldest first. */
export function pendingOf(view: DeskView): readonly (readonly [string, DeskHead])[] {
  return [...view.directory.statements].filter(([id]) => view.directory.pending.has(id))
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
    const second: Composer<DeskHead> = async (place) => ({
      signer: self.signer,
      head: { ...place(self.signer), type: 'approve', what: id },
      blobs: [],
    })
    const state = desk.directory.now
    const ending = what.type === 'member.revoke' ? currentKeyOf(state, what.who) : undefined
    if (ending !== undefined && isCoordinator(state, ending))
      return [second, ...newDeskEpochs(self.signer, state, deskReaders(state, ending))]
    if (what.type === 'member.admit' && what.roles.includes('coordinator'))
      return [second, grantDeskKeys(desk, self, what)]
    return [second]
  })
}

/** New epochs of the desk's own circles for the coordinators of now. */
export function renewDeskKeys(view: DeskView, self: Self): Promise<DeskView> {
  return appendToDesk(view, (desk) =>
    newDeskEpochs(self.signer, desk.directory.now, deskReaders(desk.directory.now)),
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
