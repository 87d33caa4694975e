import { timeOf } from '#lexicon'
import { type Directory, type HeadOf, type Member, memberOf, type Person, Refused } from '#seal'
import { ClientError } from './client-error.ts'
import type { DeskView } from './desk-view.ts'
import { skeletonOf } from './look-alike.ts'
import type { Compared, Remembered } from './memory.ts'

/**
 * How sure this machine is of a person's key (PROTOCOL 4.4). `vouched`: root, or somebody whom I compared,
 * admitted them after a comparison of their own. `changed`: a name that I compared has another key now,
 * and nothing signed explains it; nothing is sealed to that person.
 */
export type Trust = 'own' | 'compared' | 'vouched' | 'unknown' | 'changed'

/** `own` is the key of whoever asks. */
export function trustOf(
  { directory }: Pick<DeskView, 'directory'>,
  { compared }: Pick<Remembered, 'compared'>,
  who: Person,
  own: Person | '' = '',
): Trust {
  const member = memberOf(directory.now, who)
  if (member === undefined) return who === own ? 'own' : 'unknown'
  const keys = [who, ...member.earlier]
  if (own !== '' && keys.includes(own)) return 'own'
  // A key that signed for the next one explains it (`member.rotate`).
  if (keys.some((key) => key in compared)) return 'compared'
  const admission = admissionOf(directory, member)
  if (admission === undefined) return 'unknown'
  const attested = admission.head.met !== 'none'
  const admitter = admission.head.by
  if (attested && admitter === own) return 'compared'
  const same = Object.values(compared).some(
    ({ handle }) => skeletonOf(handle) === skeletonOf(member.handle),
  )
  if (same && !isSeconded(directory, admission)) return 'changed'
  const known = admitter === directory.now.root || isKnown(directory, compared, admitter)
  return attested && known ? 'vouched' : 'unknown'
}

/** Before anything is sealed to a member. Throws `Refused` changed. */
export function demandUnchanged(view: DeskView, who: Person): void {
  if (trustOf(view, view.remembered, who) !== 'changed') return
  const name = memberOf(view.directory.now, who)?.handle ?? who
  throw new Refused(
    'changed',
    `${name} has another key than the one that was compared on this machine. Compare their key words first.`,
  )
}

/** Remembers on this machine that the key words of this member were compared, or their key seen. */
export function noteCompared(view: DeskView, who: Person, how: Compared['how']): Promise<DeskView> {
  const member = memberOf(view.directory.now, who)
  if (member === undefined)
    throw new ClientError('unknown-member', 'Only the key of a member can be compared.')
  return rememberCompared(view, who, member.handle, how)
}

/** The same for somebody whose admission waits for a second person. */
export async function rememberCompared(
  view: DeskView,
  who: Person,
  handle: string,
  how: Compared['how'],
): Promise<DeskView> {
  const entry = { [who]: { handle, how, at: timeOf(view.clock()) } }
  const withEntry = (before: Remembered): Remembered => ({
    ...before,
    compared: { ...before.compared, ...entry },
  })
  await view.memory.update(view.id, withEntry)
  return { ...view, remembered: withEntry(view.remembered) }
}

type Admission = { readonly id: string; readonly head: HeadOf<'member.admit'> }

/** The statement that brought this person in, under their first key. */
function admissionOf(directory: Directory, { who, earlier }: Member): Admission | undefined {
  const first = earlier.at(-1) ?? who
  for (const [id, head] of directory.statements)
    if (head.type === 'member.admit' && head.who === first) return { id, head }
  return undefined
}

/** Two people signed it, or root: no single coordinator, and no server, puts a key in somebody's place so. */
function isSeconded(directory: Directory, { id, head }: Admission): boolean {
  return head.by === directory.now.root || directory.approved.has(id)
}

function isKnown({ now }: Directory, compared: Remembered['compared'], who: Person): boolean {
  return [who, ...(memberOf(now, who)?.earlier ?? [])].some((key) => key in compared)
}
