import {
  isContactFact,
  isLicence,
  isReleasePath,
  type Licence,
  millisecondsOf,
  type Time,
} from '#lexicon'
import type { Directory } from './directory.ts'
import type { Person } from './person.ts'
import type { HeadOf } from './statement-forms.ts'

/** A release on the desk chain that took effect, or may (docs/formats/release.md). */
export type Release = {
  readonly id: string
  readonly path: string
  readonly sha256: string
  readonly licence: Licence
  readonly notBefore: Time
  /** The release that it replaces; `""` where nothing counts at this path. */
  readonly doc: string
  readonly by: Person
  /** The second person; `""` for a contact fact, which counts by one. */
  readonly approvedBy: Person | ''
  /** When it took, or takes, effect. */
  readonly at: Time
}

export type RefusedRelease = {
  readonly id: string
  readonly path: string
  readonly why: 'path' | 'licence' | 'doc'
}

export type Releases = {
  /** What counts now, by path, in the order of the paths. */
  readonly now: ReadonlyMap<string, Release>
  /** Signed by all whom it needs, and its time did not come yet. */
  readonly later: readonly Release[]
  /** It can never count. */
  readonly refused: readonly RefusedRelease[]
  /** When something took effect or was withdrawn for the last time; `""` before the first time. */
  readonly changed: Time
}

/** What counts of what was released, at this moment: the one rule for clients, the valve and whoever checks a tree. */
export function releasesAt(directory: Directory, now: number): Releases {
  const refused: RefusedRelease[] = []
  const later: Release[] = []
  const current = new Map<string, Release>()
  let changed: Time = ''
  for (const { release, withdraws, at } of eventsOf(directory)) {
    const { id, path } = release
    if (withdraws) {
      // What it replaced stays replaced: else a correction that is taken back publishes what it corrected.
      if (current.get(path)?.id === id && current.delete(path)) changed = at
      continue
    }
    const { licence } = release
    if (!isReleasePath(path)) refused.push({ id, path, why: 'path' })
    else if (!isLicence(licence)) refused.push({ id, path, why: 'licence' })
    else if (millisecondsOf(release.notBefore) > now) {
      if (directory.approved.has(id)) later.push({ ...release, licence })
    }
    // Two who prepared the same page do not overwrite each other: the later one names what it did not see.
    else if (release.doc !== (current.get(path)?.id ?? '')) refused.push({ id, path, why: 'doc' })
    else {
      current.set(path, { ...release, licence })
      changed = at
    }
  }
  const byPath = [...current].sort(([a], [b]) => (a < b ? -1 : 1))
  return { now: new Map(byPath), later, refused, changed }
}

type Candidate = Omit<Release, 'licence'> & { readonly licence: string }
type Happening = {
  readonly release: Candidate
  readonly withdraws: boolean
  readonly at: Time
  readonly seq: number
}

/** Effects and withdrawals in the order in which they count: by time, and by place in the chain where that is one. */
function eventsOf(directory: Directory): readonly Happening[] {
  const events: Happening[] = []
  const taken = new Map<string, Happening>()
  // Clocks of authors differ. No statement counts before the one in front of it.
  let latest: Time = ''
  for (const [id, head] of directory.statements) {
    latest = head.at > latest ? head.at : latest
    if (head.type === 'withdraw') {
      const effect = taken.get(head.what)
      if (effect === undefined) continue
      // Before its time came: as if it had not been.
      if (latest < effect.at) events.splice(events.indexOf(effect), 1)
      else events.push({ ...effect, withdraws: true, at: latest, seq: head.seq })
      continue
    }
    const release = releaseBy(directory, id, latest)
    if (release === undefined) continue
    const effect = { release, withdraws: false, at: release.at, seq: head.seq }
    taken.set(release.id, effect)
    events.push(effect)
  }
  return events.sort((a, b) => (a.at === b.at ? a.seq - b.seq : a.at < b.at ? -1 : 1))
}

/** The release that takes effect by this statement: an approval, or a contact fact by itself. */
function releaseBy(directory: Directory, id: string, at: Time): Candidate | undefined {
  const { statements } = directory
  const head = statements.get(id)
  if (head?.type === 'approve') {
    const what = statements.get(head.what)
    return what?.type === 'release' ? candidate(head.what, what, head.by, at) : undefined
  }
  if (head?.type !== 'release' || !isContactFact(head.path)) return undefined
  return candidate(id, head, '', at)
}

function candidate(
  id: string,
  head: HeadOf<'release'>,
  approvedBy: Person | '',
  at: Time,
): Candidate {
  const { path, sha256, licence, not_before: notBefore, doc, by } = head
  const effect = notBefore > at ? notBefore : at
  return { id, path, sha256, licence, notBefore, doc, by, approvedBy, at: effect }
}
