import { base64OfBytes, bytesOfHex, bytesOfText, hexOfBytes, HOUR, timeOf } from '#lexicon'
import {
  authHash,
  encryptFrame,
  invitationKeys,
  invitationSlot,
  joinMac,
  joinMessage,
  newCode,
  readCertificate,
} from '#seal'
import type { Actor, World } from './world.ts'

/* What a coordinator's client and an invited person's client send. */

export type InvitationKeys = ReturnType<typeof invitationKeys>

/** A fresh code, and the invitation that the desk keeps of it. */
export async function newInvitation(world: World, lives = 72 * HOUR) {
  const keys = invitationKeys(newCode(), world.desk)
  const certificate = await readCertificate(world.directory.now.desk.at(-1)?.cert ?? '')
  const slot = invitationSlot(world.desk, keys.lookup)
  const sealed = await encryptFrame(slot, bytesOfText('inside'), [certificate])
  const asked = {
    lookup: keys.lookup,
    auth_hash: hexOfBytes(authHash(bytesOfHex(keys.auth))),
    roles: ['maintainer:scipy'],
    expires: timeOf(world.now + lives),
    sealed: base64OfBytes(sealed),
  }
  return { keys, asked }
}

/** The answer of this person to the invitation with these keys. */
export async function answerOf(world: World, { lookup, auth, mac }: InvitationKeys, actor: Actor) {
  const { name: handle, signer, key } = actor
  const joining = { desk: world.desk, enc: key.cert, handle, invite: lookup, who: signer.who }
  return {
    lookup,
    auth,
    who: signer.who,
    enc: key.cert,
    handle,
    join: await signer.sign(joinMessage(joining)),
    mac: hexOfBytes(joinMac(mac, joining)),
  }
}
