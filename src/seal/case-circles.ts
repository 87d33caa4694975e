import { EPOCH_FRESH, millisecondsOf } from '#lexicon'
import { type CaseEpoch, type CaseFold, splitKeyName } from './case-state.ts'
import {
  type DirectoryState,
  isActive,
  isFreshDeskKey,
  memberOf,
  newestDeskKey,
} from './directory.ts'
import type { Person } from './person.ts'
import { demand, Refused } from './refused.ts'
import type { HeadOf, Wrap } from './statement-forms.ts'

/** May this still be written to, in directory state `state` at time `at` (F7)? */
export function isFresh(fold: CaseFold, to: string, state: DirectoryState, at: string): boolean {
  const { circle, epoch } = splitKeyName(to)
  if (circle === 'desk') return isFreshDeskKey(state, to)
  const epochs = fold.circles.get(circle)
  const newest = epochs?.at(-1)
  if (newest === undefined || epochs?.length !== epoch) return false
  const young = millisecondsOf(at) - millisecondsOf(newest.made) < EPOCH_FRESH
  return young && newest.readers.every((reader) => isCurrent(fold, newest, reader, state))
}

/** May this reader be given a key now: the newest desk key, the reporter, or an active member? */
export function isLiveReader(
  reporter: Person | '',
  reader: string,
  state: DirectoryState,
): boolean {
  if (reader.includes('/')) return isFreshDeskKey(state, reader)
  return (reporter !== '' && reader === reporter) || isActive(state, reader)
}

function isCurrent(
  fold: CaseFold,
  epoch: CaseEpoch,
  reader: string,
  state: DirectoryState,
): boolean {
  if (!isLiveReader(fold.reporter.who, reader, state)) return false
  return certificateOf(fold, reader, state) === epoch.certs.get(reader)
}

/** The certificate that this person is sealed to; none for a desk key. */
function certificateOf(
  { reporter }: CaseFold,
  reader: string,
  state: DirectoryState,
): string | undefined {
  return reader === reporter.who ? reporter.enc : memberOf(state, reader)?.enc
}

/** The circles after a new epoch (F5, F8). Throws `Refused`. */
export function openEpoch(
  fold: CaseFold,
  head: HeadOf<'case.key'>,
  state: DirectoryState,
  coordinator: boolean,
): CaseFold['circles'] {
  const epochs = fold.circles.get(head.circle) ?? []
  const deskKey = newestDeskKey(state)
  const readers = head.wraps.map((wrap) => wrap.to)
  demand(head.epoch === epochs.length + 1, 'F8', 'Epochs count from 1 without gaps.')
  const distinct = new Set(readers).size === readers.length
  const oneDesk = readers.filter((reader) => reader.includes('/')).join() === deskKey
  const sameEpoch = head.wraps.every((wrap) => wrap.epoch === head.epoch)
  demand(distinct && oneDesk && sameEpoch, 'F8', 'The readers of this epoch are not well named.')
  const live = readers.every((reader) => isLiveReader(fold.reporter.who, reader, state))
  demand(live, 'F8', 'A reader of this epoch is no active member.')
  if (!coordinator) {
    // Only a coordinator changes who reads. Others renew an epoch for the same readers, less the stale ones (N23).
    const expected = renewable(fold, head, epochs.at(-1), state)
    const same = [...expected].sort().join() === [...readers].sort().join()
    demand(expected.includes(head.by) && same, 'F5', 'Only a coordinator changes the readers.')
  }
  const epoch: CaseEpoch = {
    cert: head.cert,
    readers,
    certs: certificatesOf(fold, readers, state),
    made: head.at,
  }
  return new Map(fold.circles).set(head.circle, [...epochs, epoch])
}

function renewable(
  fold: CaseFold,
  head: HeadOf<'case.key'>,
  before: CaseEpoch | undefined,
  state: DirectoryState,
): readonly string[] {
  const deskKey = newestDeskKey(state)
  if (before === undefined) {
    const first = head.circle === 'all' && head.by === fold.reporter.who
    demand(first, 'F5', 'Only a coordinator, or the reporter for all/1, opens a circle.')
    return [deskKey, head.by]
  }
  // A grant may have added a newer desk key beside the one of the epoch: they are one reader.
  const renewed = before.readers.map((reader) => (reader.includes('/') ? deskKey : reader))
  return [...new Set(renewed)].filter((reader) => isLiveReader(fold.reporter.who, reader, state))
}

/** The circles after a grant of epochs to more readers (F8). Throws `Refused`. */
export function grantEpochs(
  fold: CaseFold,
  head: HeadOf<'case.grant'>,
  state: DirectoryState,
): CaseFold['circles'] {
  const epochs = [...(fold.circles.get(head.circle) ?? [])]
  for (const wrap of head.wraps) {
    const epoch = epochs[wrap.epoch - 1]
    if (epoch === undefined) throw new Refused('F8', 'This epoch does not exist.')
    const live = isLiveReader(fold.reporter.who, wrap.to, state)
    demand(live, 'F8', 'A key is granted to an active reader only.')
    epochs[wrap.epoch - 1] = withReader(fold, epoch, wrap, state)
  }
  return new Map(fold.circles).set(head.circle, epochs)
}

function withReader(
  fold: CaseFold,
  epoch: CaseEpoch,
  wrap: Wrap,
  state: DirectoryState,
): CaseEpoch {
  const readers = [...new Set([...epoch.readers, wrap.to])]
  return {
    ...epoch,
    readers,
    certs: new Map([...epoch.certs, ...certificatesOf(fold, [wrap.to], state)]),
  }
}

function certificatesOf(
  fold: CaseFold,
  readers: readonly string[],
  state: DirectoryState,
): Map<Person, string> {
  const certs = new Map<Person, string>()
  for (const reader of readers) {
    const cert = certificateOf(fold, reader, state)
    if (cert !== undefined) certs.set(reader, cert)
  }
  return certs
}
