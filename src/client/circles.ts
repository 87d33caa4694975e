import { type Bytes } from '#lexicon'
import {
  blobHash,
  type CaseHead,
  type Certificate,
  type DirectoryState,
  isActive,
  isFresh,
  isLiveReader,
  memberOf,
  newestDeskKey,
  newestEpoch,
  readCertificate,
  Refused,
  slotOf,
  wrapKey,
} from '#seal'
import { newSecretKey } from '#unseal'
import type { Composer } from './append.ts'
import type { CaseView } from './case-view.ts'
import { ClientError } from './client-error.ts'
import type { DeskView } from './desk-view.ts'
import type { Keyring } from './keyring.ts'
import type { Self } from './self.ts'
import { demandUnchanged } from './trust.ts'

/** The readers that the newest epoch of a circle has and may keep, always with the newest desk key. */
export function keptReaders(view: DeskView, within: CaseView, circle: string): readonly string[] {
  const deskKey = newestDeskKey(view.directory.now)
  const before = within.fold.circles.get(circle)?.at(-1)?.readers
  const first =
    circle === 'all' && within.fold.reporter.who !== '' ? [within.fold.reporter.who] : []
  const kept = (before ?? first)
    .filter((reader) => !reader.includes('/'))
    .filter((reader) => isLiveReader(within.fold.reporter.who, reader, view.directory.now))
  return [deskKey, ...new Set(kept)]
}

/** Does the circle have an epoch that may be written to now? */
export function isWritable(view: DeskView, within: CaseView, circle: string, at: string): boolean {
  const name = newestEpoch(within.fold, circle)
  return name !== undefined && isFresh(within.fold, name, view.directory.now, at)
}

/** A new epoch of a circle for exactly these readers, each with a wrap of its fresh key. */
export function newEpoch(
  view: DeskView,
  within: CaseView,
  self: Self,
  circle: string,
  readers: readonly string[],
): Composer<CaseHead> {
  return async (place) => {
    const key = await newSecretKey()
    const epoch = (within.fold.circles.get(circle)?.length ?? 0) + 1
    const head = {
      ...place(self.signer),
      type: 'case.key' as const,
      circle,
      epoch,
      cert: key.cert,
      wraps: [],
    }
    const slot = slotOf(head)
    const wrapped = readers.map(async (reader) => {
      const certificate = await certificateOf(view, within, reader)
      const blob: Bytes = await wrapKey(slot, key.secret, certificate)
      return { blob, wrap: { blob: blobHash(blob), epoch, to: reader } }
    })
    const all = await Promise.all(wrapped)
    return {
      signer: self.signer,
      head: { ...head, wraps: all.map((each) => each.wrap) },
      blobs: all.map((each) => each.blob),
    }
  }
}

/** The epochs of a circle, wrapped for more readers: the history that they shall read. */
export function grantEpochs(
  view: DeskView,
  within: CaseView,
  self: Self,
  keyring: Keyring,
  circle: string,
  epochs: readonly number[],
  readers: readonly string[],
): Composer<CaseHead> {
  return async (place) => {
    const head = { ...place(self.signer), type: 'case.grant' as const, circle, wraps: [] }
    const slot = slotOf(head)
    const all = []
    for (const reader of readers) {
      const certificate = await certificateOf(view, within, reader)
      for (const epoch of epochs) {
        const key = await keyring.keyOf(`${circle}/${epoch}`, within)
        const blob: Bytes = await wrapKey(slot, key.secret, certificate)
        all.push({ blob, wrap: { blob: blobHash(blob), epoch, to: reader } })
      }
    }
    return {
      signer: self.signer,
      head: { ...head, wraps: all.map((each) => each.wrap) },
      blobs: all.map((each) => each.blob),
    }
  }
}

/** Who is sealed to under this name: a desk key, the reporter of the case, or a member of the directory. */
async function certificateOf(
  view: DeskView,
  within: CaseView,
  reader: string,
): Promise<Certificate> {
  const state = view.directory.now
  if (reader.includes('/')) return readCertificate(deskCertificate(state, reader))
  if (reader === within.fold.reporter.who) return readCertificate(within.fold.reporter.enc)
  const member = memberOf(state, reader)
  if (member === undefined || !isActive(state, reader))
    throw new ClientError('unknown-member', 'Only active members and the reporter can read a case.')
  demandUnchanged(view, reader)
  return readCertificate(member.enc)
}

function deskCertificate(state: DirectoryState, name: string): string {
  const epoch = state.desk.at(-1)
  if (epoch === undefined || name !== newestDeskKey(state))
    throw new Refused('F7', `${name} is not the newest desk key.`)
  return epoch.cert
}
