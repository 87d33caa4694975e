import type { Invitation } from '#contract'
import {
  base64OfBytes,
  bytesOfBase64,
  bytesOfHex,
  bytesOfText,
  hexOfBytes,
  INVITATION_LIVES,
  type Role,
  textOfBytes,
  timeOf,
} from '#lexicon'
import {
  authHash,
  type Code,
  coordinatorsOf,
  encryptFrame,
  invitationKeys,
  invitationSlot,
  type Invited,
  newCode,
  readCertificate,
  readInvitation,
  readSealed,
  Refused,
  writeInvitation,
} from '#seal'
import { unsealFrame } from '#unseal'
import { ClientError } from './client-error.ts'
import { demandFreshDirectory, type DeskView } from './desk-view.ts'
import { createKeyring, type Keyring } from './keyring.ts'
import type { Self } from './self.ts'

/**
 * Makes a code for somebody with these roles. The code leaves this machine only sealed to the desk, and by
 * the inviter's hand; `note` says for whom it is and leaves it sealed alone.
 */
export async function invite(
  view: DeskView,
  { signer }: Pick<Self, 'signer'>,
  roles: readonly Role[],
  note = '',
): Promise<{ readonly code: Code; readonly expires: string }> {
  demandFreshDirectory(view)
  const code = newCode()
  const { lookup, auth } = invitationKeys(code, view.id)
  const expires = timeOf(view.clock() + INVITATION_LIVES)
  const inside = await writeInvitation(signer, code, { desk: view.id, expires, note, roles })
  const certificate = await readCertificate(view.directory.now.desk.at(-1)?.cert ?? '')
  const slot = invitationSlot(view.id, lookup)
  const sealed = await encryptFrame(slot, bytesOfText(inside), [certificate])
  await view.api.call('invite', {
    body: {
      lookup,
      auth_hash: hexOfBytes(authHash(bytesOfHex(auth))),
      roles: [...roles],
      expires,
      sealed: base64OfBytes(sealed),
    },
  })
  return { code, expires }
}

/**
 * What an inviter signed and sealed, to show it again or to admit by it (N6). What the row says in clear
 * is the server's word and is not used. Coordinators only. Throws `Refused` invitation.
 */
export async function openInvitation(
  view: DeskView,
  keyring: Keyring,
  row: Invitation,
): Promise<Invited> {
  const text = await openInside(view, keyring, row)
  const place = { desk: view.id, lookup: row.lookup }
  return readInvitation(text, place, coordinatorsOf(view.directory.now))
}

/**
 * A row of the server, read. `forged`: no coordinator of now signed it. `closed`: it is sealed to a desk
 * key that this coordinator was not given.
 */
export type ListedInvitation = {
  readonly row: Invitation
  readonly invited: Invited | 'forged' | 'closed'
}

/** All invitations that wait, as this machine verified them. */
export async function listInvitations(
  view: DeskView,
  self: Self,
): Promise<readonly ListedInvitation[]> {
  const { invitations } = await view.api.call('listInvitations', {})
  const keyring = createKeyring(view, self)
  const listed: ListedInvitation[] = []
  for (const row of invitations) listed.push({ row, invited: await listedAs(view, keyring, row) })
  return listed
}

async function listedAs(
  view: DeskView,
  keyring: Keyring,
  row: Invitation,
): Promise<ListedInvitation['invited']> {
  try {
    return await openInvitation(view, keyring, row)
  } catch (error) {
    if (error instanceof Refused) return 'forged'
    if (error instanceof ClientError && error.code === 'no-reader') return 'closed'
    throw error
  }
}

async function openInside(view: DeskView, keyring: Keyring, row: Invitation): Promise<string> {
  const sealed = readSealed<'invitation'>(bytesOfBase64(row.sealed), 1)
  const slot = invitationSlot(view.id, row.lookup)
  const epochs = view.directory.now.desk.length
  for (let epoch = epochs; epoch >= 1; epoch--) {
    try {
      const key = await keyring.keyOf(`desk/${epoch}`)
      return textOfBytes(await unsealFrame(slot, sealed, key))
    } catch (error) {
      // Sealed under an earlier desk key, perhaps: 72 hours may span a new epoch.
      if (!(error instanceof Refused && error.code === 'decrypt') || epoch === 1) throw error
    }
  }
  throw new Refused('invitation', 'This invitation does not open.')
}
