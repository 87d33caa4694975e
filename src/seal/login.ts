import { type Bytes, bytesOfText } from '#lexicon'
import { canonicalText } from './canonical.ts'
import { hmacSha256, taggedHash } from './hash.ts'
import type { Person } from './person.ts'

/** What a key signs to log in: this desk, at this origin, now, for this challenge. */
export type LoginClaim = {
  readonly desk: string
  /** 32 bytes from the server, hex, used once. */
  readonly nonce: string
  /** The origin that the client dialled: a relay at another address gains nothing. */
  readonly origin: string
  readonly time: string
  readonly who: Person
}

export function loginMessage(claim: LoginClaim): Bytes {
  const { desk, nonce, origin, time, who } = claim
  return taggedHash('login', bytesOfText(canonicalText({ desk, nonce, origin, time, who })))
}

/** What an invited person binds with the code: the server cannot put its own key there, it has no code (N6). */
export type Joining = {
  readonly desk: string
  readonly enc: string
  readonly handle: string
  readonly invite: string
  readonly who: Person
}

/** hex of HMAC-SHA-256 under `invite mac`. */
export function joinMac(mac: Bytes, joining: Joining): Bytes {
  const { desk, enc, handle, invite, who } = joining
  return hmacSha256(mac, canonicalText({ desk, enc, handle, invite, who }))
}

/** The slot of a sealed invitation row: this desk, this lookup. */
export function invitationSlot(desk: string, lookup: string): Bytes {
  return taggedHash('invitation', bytesOfText(canonicalText({ desk, invite: lookup })))
}
