import { type Bytes, bytesOfText } from '#lexicon'
import { canonicalText } from './canonical.ts'
import { taggedHash } from './hash.ts'
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
