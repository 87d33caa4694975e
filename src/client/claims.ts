import type { ClaimRow } from '#contract'
import {
  base64OfBytes,
  bytesOfBase64,
  CLAIM_LIVES,
  millisecondsOf,
  textOfBytes,
  timeOf,
} from '#lexicon'
import {
  type CaseHead,
  type Claim,
  claimLinkOf,
  type ClaimOffer,
  claimSlot,
  type Code,
  coordinatorsOf,
  demand,
  demandClaim,
  formerMakersOf,
  keyWords,
  makeClaimOffer,
  type Offered,
  type Person,
  readCertificate,
  readClaimOffer,
  readSealed,
  Refused,
} from '#seal'
import { unsealFrame } from '#unseal'
import { appendToCase, type Composer } from './append.ts'
import type { CaseView } from './case-view.ts'
import { grantEpochs, keptReaders, newEpoch } from './circles.ts'
import { ClientError } from './client-error.ts'
import type { Desk } from './desk.ts'
import { demandFreshDirectory, type DeskView } from './desk-view.ts'
import { createKeyring, type Keyring } from './keyring.ts'

/** A claim after every check but the comparison of key words. */
export type CheckedClaim = Claim & {
  readonly lookup: string
  readonly keyWords: string
  /** Who made the link: a coordinator, or the server for the receipt of the mail. */
  readonly offeredBy: Person
  /** The server's word. */
  readonly at: string
  /** Later tries with the same code, by the server's count. */
  readonly attempts: number
  readonly state: 'waiting' | 'reporter' | 'before' | 'refused'
}

/** The claims of a case, and what beside them must be known before one is accepted. */
export type Claims = {
  readonly claims: readonly CheckedClaim[]
  /** Links that nobody who may made, and claims without their code: shown as a count, never accepted. */
  readonly forged: number
  /** Claims under a desk key that this coordinator was not given. */
  readonly closed: number
  /** Links that nobody used yet. */
  readonly unused: number
  /**
   * Links that wait, or claims by them, whose maker was coordinator or server and is not now. They are not
   * forged as far as anybody sees, and nothing is accepted by them: whoever left may have made them today.
   */
  readonly left: number
  /** The claims among them: to be refused, and nothing else. */
  readonly over: readonly CheckedClaim[]
}

/** What was posted to claim this case, as this machine verified it (N20). Coordinators only. */
export async function listClaims(
  view: DeskView,
  keyring: Keyring,
  within: CaseView,
): Promise<Claims> {
  const { claims: rows } = await view.api.call('listClaims', { params: { id: within.id } })
  const claims: CheckedClaim[] = []
  const over: CheckedClaim[] = []
  const { now } = view.directory
  const makers = {
    now: [...coordinatorsOf(now), now.server],
    former: formerMakersOf(view.directory),
  }
  let [forged, closed, unused, left] = [0, 0, 0, 0]
  for (const row of rows) {
    try {
      const offered = await openOffer(view, keyring, within.id, row, [
        ...makers.now,
        ...makers.former,
      ])
      const claim = await claimIn(view, within, row, offered)
      const waits = claim === undefined && view.clock() < millisecondsOf(offered.expires)
      if (makers.former.includes(offered.by) && (waits || claim?.state === 'waiting')) {
        left += 1
        if (claim !== undefined) over.push(claim)
      }
      // What was settled while its maker was there stays as it was settled: the chain says so, not the link.
      else if (claim !== undefined) claims.push(claim)
      else if (waits) unused += 1
    } catch (error) {
      if (error instanceof ClientError && error.code === 'no-reader') closed += 1
      else if (error instanceof Refused) forged += 1
      else throw error
    }
  }
  return { claims, forged, closed, unused, left, over }
}

/**
 * Makes this claimant the reporter of the case, and a new epoch of the general thread which they read: from
 * here on, and nothing of before (PROTOCOL 7). One batch, whole or not at all.
 */
export async function acceptClaim(
  desk: Desk,
  within: CaseView,
  claim: CheckedClaim,
): Promise<CaseView> {
  const { who, enc, join } = claim
  const seen = within.fold.reporter.who
  let tries = 0
  const done = await appendToCase(desk.view, within, (view, current) => {
    const { who: before, pgp } = current.fold.reporter
    if (before === who) return []
    if (before !== seen)
      throw new ClientError('problem', 'Somebody accepted another claim meanwhile: look again.')
    tries += 1
    const anew = tries > 1
    const named: Composer<CaseHead> = async (place) => {
      if (anew) await demandNotRefused(view, current.id, claim)
      return {
        signer: desk.self.signer,
        // A pinned PGP key is another person's word: a claim does not take it away.
        head: { ...place(desk.self.signer), type: 'case.reporter', who, enc, join, pgp },
        blobs: [],
      }
    }
    const after = { ...current, fold: { ...current.fold, reporter: { who, enc, pgp } } }
    const readers = [...new Set([...keptReaders(view, after, 'all'), who])]
    return [named, newEpoch(view, after, desk.self, 'all', readers)]
  })
  return done.within
}

/** After a conflict: the chain does not say that somebody refused. */
async function demandNotRefused(
  view: DeskView,
  caseId: string,
  { lookup }: CheckedClaim,
): Promise<void> {
  const { claims } = await view.api.call('listClaims', { params: { id: caseId } })
  if (claims.find((row) => row.lookup === lookup)?.settled === 'refused')
    throw new ClientError('problem', 'Somebody refused this claim meanwhile: look again.')
}

/**
 * Lets the reporter read what was written in the general thread before they claimed it. Only after key words
 * were compared by another way than mail: whoever read the mailbox could have claimed first (N20).
 */
export async function grantEarlier(desk: Desk, within: CaseView): Promise<CaseView> {
  const done = await appendToCase(desk.view, within, (view, current) => {
    const { who } = current.fold.reporter
    const epochs = earlierEpochs(current)
    if (who === '' || epochs.length === 0) return []
    const keyring = createKeyring(view, desk.self)
    return [grantEpochs(view, current, desk.self, keyring, 'all', epochs, [who])]
  })
  return done.within
}

/** Epochs of the general thread that the reporter of now was not given. */
export function earlierEpochs({ fold }: CaseView): readonly number[] {
  const { who } = fold.reporter
  const epochs = fold.circles.get('all') ?? []
  return epochs.flatMap(({ readers }, n) => (readers.includes(who) ? [] : [n + 1]))
}

export async function refuseClaim(view: DeskView, caseId: string, lookup: string): Promise<void> {
  await view.api.call('refuseClaim', { params: { id: caseId }, body: { lookup } })
}

/**
 * Makes a code by which the reporter of a case that came by mail may claim it. The offer goes to the desk
 * with the mail; the link with the code goes into that mail and nowhere else.
 */
export async function newClaimOffer(
  { view, self }: Pick<Desk, 'view' | 'self'>,
  caseId: string,
): Promise<{ readonly offer: ClaimOffer; readonly code: Code }> {
  demandFreshDirectory(view)
  const deskKey = await readCertificate(view.directory.now.desk.at(-1)?.cert ?? '')
  const expires = timeOf(view.clock() + CLAIM_LIVES)
  const place = { desk: view.id, caseId }
  return makeClaimOffer(self.signer, place, expires, deskKey)
}

/** The same for a link that the coordinator hands over by themself: the desk keeps the offer at once. */
export async function offerClaim(
  desk: Pick<Desk, 'view' | 'self'>,
  caseId: string,
): Promise<{ readonly link: string; readonly expires: string }> {
  const { offer, code } = await newClaimOffer(desk, caseId)
  const body = { ...offer, sealed: base64OfBytes(offer.sealed) }
  await desk.view.api.call('offerClaim', { params: { id: caseId }, body })
  return { link: claimLinkOf(desk.view.api.origin, code), expires: offer.expires }
}

async function openOffer(
  view: DeskView,
  keyring: Keyring,
  caseId: string,
  { lookup, sealed }: ClaimRow,
  makers: readonly Person[],
): Promise<Offered> {
  const place = { desk: view.id, caseId }
  const slot = claimSlot(place, lookup)
  const bytes = readSealed<'invitation'>(bytesOfBase64(sealed), 1)
  const { desk } = view.directory.now
  for (let epoch = desk.length; epoch >= 1; epoch--) {
    try {
      const text = textOfBytes(await unsealFrame(slot, bytes, await keyring.keyOf(`desk/${epoch}`)))
      return await readClaimOffer(text, place, lookup, makers)
    } catch (error) {
      // Sealed under an earlier desk key, perhaps: 30 days may span a new epoch.
      if (!(error instanceof Refused && error.code === 'decrypt') || epoch === 1) throw error
    }
  }
  throw new Refused('claim', 'This link does not open.')
}

/** Throws `Refused` for a claim that the code does not bear out. */
async function claimIn(
  view: DeskView,
  { id: caseId, fold }: CaseView,
  { lookup, claim, attempts, settled }: ClaimRow,
  { by: offeredBy, code, expires }: Offered,
): Promise<CheckedClaim | undefined> {
  if (claim === undefined) return undefined
  const { who, enc, join, mac, at } = claim
  await demandClaim({ desk: view.id, caseId }, { who, enc, join, mac }, code)
  const late = millisecondsOf(at) > millisecondsOf(expires)
  demand(!late, 'claim', 'This claim came after its link had expired.')
  const { version } = await readCertificate(enc)
  demand(version === 6, 'cert', 'A claim has keys of version 6.')
  const words = keyWords(view.id, who, enc)
  const named = [...fold.statements.values()].some(
    (head) => head.type === 'case.reporter' && head.who === who,
  )
  const open = settled === 'refused' ? 'refused' : 'waiting'
  const state = fold.reporter.who === who ? 'reporter' : named ? 'before' : open
  return { who, enc, join, mac, lookup, keyWords: words, offeredBy, at, attempts, state }
}
