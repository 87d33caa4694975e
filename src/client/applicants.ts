import type { Invitation } from '#contract'
import { bytesOfHex, millisecondsOf, type Role, sameBytes } from '#lexicon'
import {
  invitationKeys,
  type Invited,
  joinMac,
  joinMessage,
  keyWords,
  readCertificate,
  Refused,
  verifySignature,
} from '#seal'
import { ClientError } from './client-error.ts'
import type { DeskView } from './desk-view.ts'
import { type ListedInvitation, listInvitations, openInvitation } from './invitations.ts'
import { createKeyring } from './keyring.ts'
import type { Self } from './self.ts'

/** Somebody who answered an invitation, after every check but the comparison of key words. */
export type Applicant = {
  readonly who: string
  readonly enc: string
  readonly handle: string
  readonly invite: string
  readonly join: string
  readonly roles: readonly Role[]
  /** For whom the inviter said that it is, or `""`. */
  readonly note: string
  readonly keyWords: string
  /** Who signed the invitation. */
  readonly invitedBy: string
}

/** The applicant with this handle (K1, N6). Throws `Refused` invitation for a forged invitation or answer. */
export async function findApplicant(
  view: DeskView,
  self: Self,
  handle: string,
): Promise<Applicant> {
  const { invitations } = await view.api.call('listInvitations', {})
  const named = invitations.filter((each) => each.joined?.handle === handle)
  const [only, ...others] = named
  if (only === undefined)
    throw new ClientError(
      'unknown-member',
      `Nobody with the name ${handle} answered an invitation.`,
    )
  if (others.length > 0)
    throw new ClientError('unknown-member', `More than one person answered as ${handle}.`)
  return readApplicant(view, only, await openInvitation(view, createKeyring(view, self), only))
}

export type Door = {
  readonly applicants: readonly Applicant[]
  /** Invitations that no coordinator signed, and answers that were not made with their code: not shown, but counted. */
  readonly forged: number
  readonly invitations: readonly ListedInvitation[]
}

/** Everybody who answered an open invitation of a coordinator with its code. */
export async function listApplicants(view: DeskView, self: Self): Promise<Door> {
  const applicants: Applicant[] = []
  const invitations: ListedInvitation[] = []
  for (const each of await listInvitations(view, self)) {
    const applicant = await applicantOf(view, each)
    if (applicant !== undefined && applicant !== 'forged') applicants.push(applicant)
    invitations.push(applicant === 'forged' ? { ...each, invited: 'forged' } : each)
  }
  const forged = invitations.filter(({ invited }) => invited === 'forged').length
  return { applicants, forged, invitations }
}

async function applicantOf(
  view: DeskView,
  { row, invited }: ListedInvitation,
): Promise<Applicant | 'forged' | undefined> {
  if (invited === 'forged') return 'forged'
  if (invited === 'closed' || row.joined === undefined) return undefined
  try {
    return await readApplicant(view, row, invited)
  } catch (error) {
    if (error instanceof Refused) return 'forged'
    throw error
  }
}

async function readApplicant(
  view: DeskView,
  { joined, lookup }: Invitation,
  invited: Invited,
): Promise<Applicant> {
  if (joined === undefined) throw new Refused('invitation', 'Nobody answered this invitation.')
  const { mac } = invitationKeys(invited.code, view.id)
  if (view.clock() > millisecondsOf(invited.expires))
    throw new Refused('invitation', 'This invitation has expired: invite again.')
  const { who, enc, handle, join } = joined
  const joining = { desk: view.id, enc, handle, invite: lookup, who }
  if (!sameBytes(joinMac(mac, joining), bytesOfHex(joined.mac)))
    throw new Refused('invitation', 'This answer was not made with the code of the invitation.')
  // Whoever holds the code could show the public keys of somebody else, whose words then fit (N6). They
  // have no signature of theirs for this invitation.
  if (!(await verifySignature(who, joinMessage(joining), join)))
    throw new Refused('invitation', 'This answer is not signed by the key that it names.')
  await readCertificate(enc)
  const words = keyWords(view.id, who, enc)
  const { by: invitedBy, note, roles } = invited
  return { who, enc, handle, invite: lookup, join, roles, note, keyWords: words, invitedBy }
}
