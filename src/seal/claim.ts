import { type Bytes, bytesOfHex, bytesOfText, hexOfBytes, isTime, sameBytes } from '#lexicon'
import { canonicalText } from './canonical.ts'
import type { Certificate } from './certificate.ts'
import { authHash, type Code, invitationKeys, newCode } from './code.ts'
import { joinMessage } from './desk-fold.ts'
import { exactly, matching } from './form.ts'
import { taggedHash } from './hash.ts'
import { readInside } from './read-inside.ts'
import { type Joining, joinMac } from './invitation.ts'
import { isPerson, type Person, type Signer, verifySignature } from './person.ts'
import { demand } from './refused.ts'
import { encryptFrame } from './seal-message.ts'

/** Of which case, at which desk. */
export type ClaimPlace = { readonly desk: string; readonly caseId: string }

/** What the server keeps of a code that lets a mail reporter claim their case: never the code. */
export type ClaimOffer = {
  readonly lookup: string
  readonly auth_hash: string
  readonly expires: string
  /** Who made the code, and the code, for the desk alone. */
  readonly sealed: Bytes
}

/** A claim as its author's client made it (PROTOCOL 7): no handle, and the case in place of an invitation. */
export type Claim = {
  readonly who: Person
  readonly enc: string
  readonly join: string
  readonly mac: string
}

/** A claim code that somebody signed who may. */
export type Offered = { readonly by: Person; readonly code: Code; readonly expires: string }

/** The words that stand behind `#` in the link of a mail, in a form that no line break spoils. */
export function claimLinkOf(origin: string, { entropy }: Code): string {
  return `${origin}/claim#${hexOfBytes(entropy)}`
}

/** What stood behind `#`. Throws `Refused` code. */
export function readClaimCode(fragment: string): Code {
  const hex = fragment.trim().toLowerCase()
  demand(/^[0-9a-f]{32}$/.test(hex), 'code', 'This link is not whole: it ends with 32 characters.')
  return newCode(bytesOfHex(hex))
}

/** The slot of a sealed offer: this desk, this case, this lookup. */
export function claimSlot({ desk, caseId }: ClaimPlace, lookup: string): Bytes {
  return taggedHash('claim', bytesOfText(canonicalText({ case: caseId, desk, lookup })))
}

/**
 * Makes a code for a case, and what the server keeps of it, sealed to the desk's newest key. `maker` signs
 * it: sealing alone says nothing about who made it (N6).
 */
export async function makeClaimOffer(
  maker: Signer,
  place: ClaimPlace,
  expires: string,
  deskKey: Certificate,
  code: Code = newCode(),
): Promise<{ readonly offer: ClaimOffer; readonly code: Code }> {
  const { lookup, auth } = invitationKeys(code, place.desk)
  const by = maker.who
  const sig = await maker.sign(offerMessage(place, { by, expires, lookup }))
  const hex = hexOfBytes(code.entropy)
  const inside = canonicalText({ by, case: place.caseId, code: hex, expires, sig })
  const sealed = await encryptFrame(claimSlot(place, lookup), bytesOfText(inside), [deskKey])
  const auth_hash = hexOfBytes(authHash(bytesOfHex(auth)))
  return { offer: { lookup, auth_hash, expires, sealed }, code }
}

/**
 * Reads what was inside the sealed offer with this lookup. `makers` are those who may offer: the coordinators,
 * and the server for its receipts. Whoever adds those who were, to tell their links from forged ones, accepts
 * nothing by these. Throws `Refused` claim.
 */
export async function readClaimOffer(
  text: string,
  place: ClaimPlace,
  lookup: string,
  makers: readonly Person[],
): Promise<Offered> {
  const { by, case: caseId, code: hex, expires, sig } = readInside(text, INSIDE, OTHERWISE)
  const code = newCode(bytesOfHex(hex))
  const own = invitationKeys(code, place.desk).lookup
  demand(own === lookup, 'claim', 'This link belongs to another code.')
  demand(caseId === place.caseId, 'claim', 'This link was made for another case.')
  demand(makers.includes(by), 'claim', 'Whoever made this link may make none.')
  const signed = await verifySignature(by, offerMessage(place, { by, expires, lookup }), sig)
  demand(signed, 'claim', 'This link is not signed by whom it names.')
  return { by, code, expires }
}

/** What a claimant signs and binds with the code. */
export function claimJoining({ desk, caseId }: ClaimPlace, who: Person, enc: string): Joining {
  return { desk, enc, handle: '', invite: caseId, who }
}

/**
 * Was this claim made with the code of the link, for this case, by who holds the key? The server has no
 * code, so it cannot put its own key in the reporter's place (N20). Throws `Refused` claim.
 */
export async function demandClaim(place: ClaimPlace, claim: Claim, code: Code): Promise<void> {
  const { who, enc, join } = claim
  const joining = claimJoining(place, who, enc)
  const mac = joinMac(invitationKeys(code, place.desk).mac, joining)
  const bound = sameBytes(mac, bytesOfHex(claim.mac))
  demand(bound, 'claim', 'This claim was not made with the code of its link.')
  const signed = await verifySignature(who, joinMessage(joining), join)
  demand(signed, 'claim', 'This claim is not signed by the key that it names.')
}

type Offering = { readonly by: Person; readonly expires: string; readonly lookup: string }

function offerMessage(place: ClaimPlace, { by, expires, lookup }: Offering): Bytes {
  const { desk, caseId } = place
  return taggedHash(
    'offer',
    bytesOfText(canonicalText({ by, case: caseId, desk, expires, lookup })),
  )
}

const INSIDE = exactly({
  by: isPerson,
  case: matching(/^[0-9a-f]{64}$/),
  code: matching(/^[0-9a-f]{32}$/),
  expires: isTime,
  sig: matching(/^[0-9a-f]{128}$/),
})

const OTHERWISE = { code: 'claim', sentence: 'This offer holds something else.' } as const
