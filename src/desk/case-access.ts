import { type NamedBlob, namedBlobs } from '#ledger'
import {
  type CaseFold,
  type CaseHead,
  type DirectoryState,
  isActive,
  isCoordinator,
  type Person,
  splitKeyName,
} from '#seal'
import type { Party } from './desk-deps.ts'

/** Who holds which key of a case now, and which statement named which blob, from its folded chain. */
export type CaseAccess = {
  /** By the name of the epoch: `all/1`. Persons only; coordinators read by the desk's own key. */
  readonly holders: ReadonlyMap<string, ReadonlySet<Person>>
  /** By hash: the first statement that named the blob decides who may have it. */
  readonly blobs: ReadonlyMap<string, { readonly head: CaseHead; readonly blob: NamedBlob }>
}

const known = new WeakMap<CaseFold, CaseAccess>()

/**
 * Whoever is left out of a new epoch is removed from its circle: the server hands them nothing of it any
 * more, older epochs included, until somebody grants it again. What they have read they keep.
 */
export function accessOf(fold: CaseFold): CaseAccess {
  const made = known.get(fold) ?? walk(fold)
  known.set(fold, made)
  return made
}

/** Takes part: may see the heads of this case. Everybody else learns not even that it exists. */
export function takesPart(fold: CaseFold, state: DirectoryState, party: Party): boolean {
  if (party.kind === 'reporter')
    return party.caseId === fold.id && fold.reporter.who !== '' && party.who === fold.reporter.who
  if (!isActive(state, party.who)) return false
  if (isCoordinator(state, party.who)) return true
  return [...accessOf(fold).holders.values()].some((persons) => persons.has(party.who))
}

/** The blob of this hash, if this person may have it: what is sealed to them, never what is not. */
export function blobFor(
  fold: CaseFold,
  state: DirectoryState,
  party: Party,
  hash: string,
): NamedBlob | undefined {
  if (!takesPart(fold, state, party)) return undefined
  const { holders, blobs } = accessOf(fold)
  const named = blobs.get(hash)
  if (named === undefined) return undefined
  const { head, blob } = named
  const coordinator = party.kind === 'member' && isCoordinator(state, party.who)
  const holds = (name: string) => holders.get(name)?.has(party.who) === true
  switch (blob.kind) {
    case 'label':
      return coordinator ? blob : undefined
    case 'wrap': {
      const mine = blob.to === party.who && holds(`${blob.circle}/${blob.epoch}`)
      return mine || (coordinator && blob.to.includes('/')) ? blob : undefined
    }
    case 'body':
    case 'file': {
      const ownReport = head.type === 'case.open' && head.enc !== '' && head.by === party.who
      return coordinator || ownReport || holds(blob.to) ? blob : undefined
    }
  }
}

function walk(fold: CaseFold): CaseAccess {
  const holders = new Map<string, ReadonlySet<Person>>()
  const blobs = new Map<string, { head: CaseHead; blob: NamedBlob }>()
  for (const head of fold.statements.values()) {
    for (const blob of namedBlobs(head))
      if (!blobs.has(blob.hash)) blobs.set(blob.hash, { head, blob })
    if (head.type === 'case.key') {
      const persons = new Set(head.wraps.map((wrap) => wrap.to).filter(isPersonName))
      for (const [name, before] of holders)
        if (splitKeyName(name).circle === head.circle)
          holders.set(name, before.intersection(persons))
      holders.set(`${head.circle}/${head.epoch}`, persons)
    }
    if (head.type === 'case.grant')
      for (const { epoch, to } of head.wraps) {
        if (!isPersonName(to)) continue
        const name = `${head.circle}/${epoch}`
        holders.set(name, new Set(holders.get(name)).add(to))
      }
  }
  return { holders, blobs }
}

/** Not `desk/n`. */
function isPersonName(to: string): boolean {
  return !to.includes('/')
}
