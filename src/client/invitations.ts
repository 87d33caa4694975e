import type { Enrolment, Invitation } from '#contract'
import {
  base64OfBytes,
  bytesOfBase64,
  bytesOfHex,
  bytesOfText,
  hexOfBytes,
  INVITATION_LIVES,
  isRole,
  isStrong,
  isTime,
  type Meeting,
  millisecondsOf,
  type Role,
  sameBytes,
  textOfBytes,
  timeOf,
} from '#lexicon'
import {
  authHash,
  canonicalText,
  type Code,
  type DeskHead,
  encryptFrame,
  invitationKeys,
  invitationSlot,
  joinMac,
  joinMessage,
  keyWords,
  newCode,
  parseCanonical,
  readCertificate,
  readCode,
  readSealed,
  Refused,
  type Signer,
  signerOfSeed,
  slotOf,
  blobHash,
  verifySignature,
  wrapKey,
  type Wrap,
} from '#seal'
import { newSecretKey, type SecretKey, unsealFrame } from '#unseal'
import { appendToDesk, type Composer } from './append.ts'
import { ClientError } from './client-error.ts'
import { demandFreshDirectory, type DeskView } from './desk-view.ts'
import { createKeyring, type Keyring } from './keyring.ts'
import type { NewSelf } from './key-file.ts'
import type { Self } from './self.ts'
import { demandUnchanged, rememberCompared } from './trust.ts'

/** Makes a code for somebody with these roles. The code leaves this machine only sealed to the desk, and by the inviter's hand. */
export async function invite(
  view: DeskView,
  roles: readonly Role[],
): Promise<{ readonly code: Code; readonly expires: string }> {
  demandFreshDirectory(view)
  const code = newCode()
  const { lookup, auth } = invitationKeys(code, view.id)
  const expires = timeOf(view.clock() + INVITATION_LIVES)
  const inside = canonicalText({ code: hexOfBytes(code.entropy), expires, roles: [...roles] })
  const certificate = await readCertificate(view.directory.now.desk.at(-1)?.cert ?? '')
  const slot = invitationSlot(view.id, lookup)
  const sealed = await encryptFrame(slot, bytesOfText(inside), [certificate])
  const answer = await view.api.call('invite', {
    body: {
      lookup,
      auth_hash: hexOfBytes(authHash(bytesOfHex(auth))),
      roles: [...roles],
      expires,
      sealed: base64OfBytes(sealed),
    },
  })
  return { code, expires: answer.expires }
}

/** Fresh keys for an invited person. Put them away, then `answerInvitation`. */
export async function newApplicant(view: DeskView): Promise<{
  readonly person: NewSelf
  readonly who: string
  readonly keyWords: string
}> {
  const sign = crypto.getRandomValues(new Uint8Array(32))
  const [{ who }, key] = await Promise.all([signerOfSeed(sign), newSecretKey()])
  return { person: { sign, key, root: undefined }, who, keyWords: keyWords(view.id, who, key.cert) }
}

/** Answers an invitation with these keys. The key words are read aloud to the coordinator who admits. */
export async function answerInvitation(
  view: DeskView,
  words: string,
  handle: string,
  { sign, key }: NewSelf,
  enrolment?: Enrolment,
): Promise<void> {
  const { lookup, auth, mac } = invitationKeys(readCode(words), view.id)
  const signer = await signerOfSeed(sign)
  const joining = { desk: view.id, enc: key.cert, handle, invite: lookup, who: signer.who }
  await view.api.call('join', {
    body: {
      lookup,
      auth,
      who: signer.who,
      enc: key.cert,
      handle,
      join: await signer.sign(joinMessage(joining)),
      mac: hexOfBytes(joinMac(mac, joining)),
      ...(enrolment !== undefined && { enrolment }),
    },
  })
}

/** Somebody who answered an invitation, after every check but the comparison of key words. */
export type Applicant = {
  readonly who: string
  readonly enc: string
  readonly handle: string
  readonly invite: string
  readonly join: string
  readonly roles: readonly Role[]
  readonly keyWords: string
}

/** The applicants with this handle whose answers were made with the code (K1, N6). Throws `Refused` invitation for a forged one. */
export async function findApplicant(
  view: DeskView,
  self: Self,
  handle: string,
): Promise<Applicant> {
  const { invitations } = await view.api.call('listInvitations', {})
  const keyring = createKeyring(view, self)
  const named = invitations.filter((each) => each.joined?.handle === handle)
  const [only, ...others] = named
  if (only === undefined)
    throw new ClientError(
      'unknown-member',
      `Nobody with the name ${handle} answered an invitation.`,
    )
  if (others.length > 0)
    throw new ClientError('unknown-member', `More than one person answered as ${handle}.`)
  return readApplicant(view, keyring, only)
}

/** Everybody who answered an open invitation with its code; forged answers are counted, not shown. */
export async function listApplicants(
  view: DeskView,
  self: Self,
): Promise<{ readonly applicants: readonly Applicant[]; readonly forged: number }> {
  const { invitations } = await view.api.call('listInvitations', {})
  const keyring = createKeyring(view, self)
  const applicants: Applicant[] = []
  let forged = 0
  for (const invitation of invitations) {
    if (invitation.joined === undefined) continue
    try {
      applicants.push(await readApplicant(view, keyring, invitation))
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      forged++
    }
  }
  return { applicants, forged }
}

async function readApplicant(
  view: DeskView,
  keyring: Keyring,
  invitation: Invitation,
): Promise<Applicant> {
  const { joined, lookup } = invitation
  if (joined === undefined) throw new Refused('invitation', 'Nobody answered this invitation.')
  const inside = await readInvitationCode(view, keyring, invitation)
  const { mac } = invitationKeys(inside.code, view.id)
  if (view.clock() > millisecondsOf(inside.expires))
    throw new Refused('invitation', 'This invitation has expired: invite again.')
  const { who, enc, handle, join } = joined
  const joining = { desk: view.id, enc, handle, invite: lookup, who }
  if (!sameBytes(joinMac(mac, joining), bytesOfHex(joined.mac)))
    throw new Refused('invitation', 'This answer was not made with the code of the invitation.')
  // A server that made the code shows the public keys of somebody else, whose words then fit (N6). It has
  // no signature of theirs for this invitation.
  if (!(await verifySignature(who, joinMessage(joining), join)))
    throw new Refused('invitation', 'This answer is not signed by the key that it names.')
  await readCertificate(enc)
  const words = keyWords(view.id, who, enc)
  return { who, enc, handle, invite: lookup, join, roles: inside.roles, keyWords: words }
}

/** The code inside a sealed invitation, to show it again: the one of this invitation (N6). Coordinators only. */
export async function readInvitationCode(view: DeskView, keyring: Keyring, invitation: Invitation) {
  const inside = await openInside(view, keyring, invitation)
  if (invitationKeys(inside.code, view.id).lookup !== invitation.lookup)
    throw new Refused('invitation', 'This invitation belongs to another code.')
  return inside
}

async function openInside(view: DeskView, keyring: Keyring, invitation: Invitation) {
  const sealed = readSealed<'invitation'>(bytesOfBase64(invitation.sealed), 1)
  const slot = invitationSlot(view.id, invitation.lookup)
  const epochs = view.directory.now.desk.length
  for (let epoch = epochs; epoch >= 1; epoch--) {
    try {
      const key = await keyring.keyOf(`desk/${epoch}`)
      return readInside(textOfBytes(await unsealFrame(slot, sealed, key)))
    } catch (error) {
      // Sealed under an earlier desk key, perhaps: 72 hours may span a new epoch.
      if (!(error instanceof Refused && error.code === 'decrypt') || epoch === 1) throw error
    }
  }
  throw new Refused('invitation', 'This invitation does not open.')
}

function readInside(text: string): { code: Code; expires: string; roles: readonly Role[] } {
  const value = parseCanonical(text)
  if (typeof value === 'object' && 'code' in value && 'expires' in value && 'roles' in value) {
    const { code, expires, roles } = value
    const sound =
      typeof code === 'string' &&
      /^[0-9a-f]{32}$/.test(code) &&
      isTime(expires) &&
      Array.isArray(roles)
    if (sound && roles.every(isRole))
      return { code: newCode(bytesOfHex(code)), expires, roles: [...roles] }
  }
  throw new Refused('invitation', 'This invitation holds something else.')
}

/**
 * Admits an applicant. A coordinator is admitted by root, which is in this key file, or waits for a
 * second person; with root the desk's keys are granted in the same batch.
 */
export async function admit(
  view: DeskView,
  self: Self,
  applicant: Applicant,
  met: Meeting,
): Promise<{ readonly view: DeskView; readonly waits: boolean }> {
  const { who, enc, handle, invite: lookup, join, roles } = applicant
  const strong = isStrong(roles)
  if (roles.includes('coordinator') && met === 'none')
    throw new ClientError(
      'need-root',
      'A coordinator is admitted only after their key words were compared: say --met words or --met seen.',
    )
  const signer = strong && self.root !== undefined ? self.root : self.signer
  const waits = strong && self.root === undefined
  const next = await appendToDesk(view, (desk) => {
    demandFreshDirectory(desk)
    const admission: Composer<DeskHead> = async (place) => ({
      signer,
      head: {
        ...place(signer),
        type: 'member.admit',
        who,
        enc,
        handle,
        roles,
        invite: lookup,
        join,
        met,
      },
      blobs: [],
    })
    const grants = !waits && roles.includes('coordinator')
    return grants ? [admission, grantDeskKeys(desk, self, { who, enc })] : [admission]
  })
  const noted = met === 'none' ? next : await rememberCompared(next, who, handle, met)
  return { view: noted, waits }
}

/** A key that this coordinator was never given, or whose wrap a restore lost, is for another to grant. */
async function keyIfMine(keyring: Keyring, name: string): Promise<SecretKey | undefined> {
  try {
    return await keyring.keyOf(name)
  } catch (error) {
    if (error instanceof ClientError) return undefined
    throw error
  }
}

/**
 * Every desk epoch to a new coordinator: with them come all cases, in a handful of wraps. `signer` is
 * another than the one who opens them where a person gives the keys to their own next key.
 */
export function grantDeskKeys(
  view: DeskView,
  self: Self,
  reader: { readonly who: string; readonly enc: string },
  signer: Signer = self.signer,
): Composer<DeskHead> {
  return async (place) => {
    demandUnchanged(view, reader.who)
    const head = {
      ...place(signer),
      type: 'desk.grant' as const,
      circle: 'desk' as const,
      wraps: [],
    }
    const slot = slotOf(head)
    const certificate = await readCertificate(reader.enc)
    const keyring = createKeyring(view, self)
    const wraps: Wrap[] = []
    const blobs = []
    for (let epoch = 1; epoch <= view.directory.now.desk.length; epoch++) {
      const key = await keyIfMine(keyring, `desk/${epoch}`)
      if (key === undefined) continue
      const blob = await wrapKey(slot, key.secret, certificate)
      blobs.push(blob)
      wraps.push({ blob: blobHash(blob), epoch, to: reader.who })
    }
    return { signer, head: { ...head, wraps }, blobs }
  }
}
