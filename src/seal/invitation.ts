import {
  type Bytes,
  bytesOfHex,
  bytesOfText,
  hexOfBytes,
  isRole,
  isTime,
  LIMITS,
  type Role,
} from '#lexicon'
import { canonicalText } from './canonical.ts'
import { type Code, invitationKeys, newCode } from './code.ts'
import { exactly, type Form, line, matching } from './form.ts'
import { hmacSha256, taggedHash } from './hash.ts'
import { isPerson, type Person, type Signer, verifySignature } from './person.ts'
import { readInside } from './read-inside.ts'
import { demand } from './refused.ts'

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

/** Somebody is invited to this desk, until then, as this; the lookup stands for the code. */
export type Inviting = {
  readonly desk: string
  readonly lookup: string
  readonly expires: string
  /** For whom it is, in the inviter's words, or `""`: the coordinators read it, the invited person does not. */
  readonly note: string
  readonly roles: readonly Role[]
}

/** What the inviter signs: the row is sealed to a public key, so sealing alone says nothing about who made it. */
function inviteMessage(by: Person, { desk, expires, lookup, note, roles }: Inviting): Bytes {
  const said = canonicalText({ by, desk, expires, lookup, note, roles })
  return taggedHash('invite', bytesOfText(said))
}

/** What stands inside the sealed row of this code. */
export async function writeInvitation(
  inviter: Signer,
  code: Code,
  { desk, expires, note, roles }: Omit<Inviting, 'lookup'>,
): Promise<string> {
  demand(noteLine(note), 'invitation', 'A note on an invitation is one line of 80 letters at most.')
  const { lookup } = invitationKeys(code, desk)
  const by = inviter.who
  const sig = await inviter.sign(inviteMessage(by, { desk, expires, lookup, note, roles }))
  return canonicalText({ by, code: hexOfBytes(code.entropy), expires, note, roles, sig })
}

/** An invitation that a coordinator signed. */
export type Invited = {
  readonly by: Person
  readonly code: Code
  readonly expires: string
  readonly note: string
  readonly roles: readonly Role[]
}

/**
 * Reads what was inside the sealed row with this lookup. `coordinators` are those of now: an invitation
 * ends with the rights of whoever made it. Throws `Refused` invitation.
 */
export async function readInvitation(
  text: string,
  { desk, lookup }: Pick<Inviting, 'desk' | 'lookup'>,
  coordinators: readonly Person[],
): Promise<Invited> {
  const { by, code: hex, expires, note, roles, sig } = readInside(text, INSIDE, OTHERWISE)
  const code = newCode(bytesOfHex(hex))
  const own = invitationKeys(code, desk).lookup
  demand(own === lookup, 'invitation', 'This invitation belongs to another code.')
  const able = coordinators.includes(by)
  demand(able, 'invitation', 'Whoever made this invitation is no coordinator now: invite again.')
  const message = inviteMessage(by, { desk, expires, lookup, note, roles })
  const signed = await verifySignature(by, message, sig)
  demand(signed, 'invitation', 'This invitation is not signed by the coordinator whom it names.')
  return { by, code, expires, note, roles }
}

const roles: Form<readonly Role[]> = (value): value is readonly Role[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every(isRole) &&
  new Set(value).size === value.length

const noteLine = line(0, LIMITS.invitationNote)

const INSIDE = exactly({
  by: isPerson,
  code: matching(/^[0-9a-f]{32}$/),
  expires: isTime,
  note: noteLine,
  roles,
  sig: matching(/^[0-9a-f]{128}$/),
})

const OTHERWISE = { code: 'invitation', sentence: 'This invitation holds something else.' } as const
