import type { Enrolment } from '#contract'
import { hexOfBytes } from '#lexicon'
import { invitationKeys, joinMac, joinMessage, keyWords, readCode, signerOfSeed } from '#seal'
import { newSecretKey } from '#unseal'
import type { DeskView } from './desk-view.ts'
import type { NewSelf } from './key-file.ts'
import { demandOwnHandle } from './look-alike.ts'

/** Asks the desk whether this invitation still waits, before anybody makes keys for it. Throws `ClientError` not-found. */
export async function demandOpenInvitation(view: DeskView, words: string): Promise<void> {
  const { lookup, auth } = invitationKeys(readCode(words), view.id)
  await view.api.call('checkInvitation', { body: { lookup, auth } })
}

/** Fresh keys for an invited person. Put them away, then `answerInvitation`. */
export async function newApplicant(view: DeskView): Promise<{
  readonly person: NewSelf
  readonly who: string
  readonly keyWords: string
}> {
  const sign = crypto.getRandomValues(new Uint8Array(32))
  const [{ who }, key] = await Promise.all([signerOfSeed(sign), newSecretKey()])
  return { person: { sign, key }, who, keyWords: keyWords(view.id, who, key.cert) }
}

/** Answers an invitation with these keys. The key words are read aloud to the coordinator who admits. */
export async function answerInvitation(
  view: DeskView,
  words: string,
  handle: string,
  { sign, key }: NewSelf,
  enrolment?: Enrolment,
): Promise<void> {
  demandOwnHandle(view.directory.now, handle)
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
