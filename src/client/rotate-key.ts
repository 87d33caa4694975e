import { type DeskHead, isCoordinator, joinMessage, memberOf, signerOfSeed } from '#seal'
import { newSecretKey } from '#unseal'
import { appendToDesk, type Composer } from './append.ts'
import { ClientError } from './client-error.ts'
import { deskReaders, newDeskEpochs } from './desk-keys.ts'
import type { DeskView } from './desk-view.ts'
import { grantDeskKeys } from './grant-desk-keys.ts'
import type { NewSelf } from './key-file.ts'
import type { Self } from './self.ts'

/** Fresh keys. Put them away, then `rotateKey`. */
export async function renewedKeys(): Promise<NewSelf> {
  const sign = crypto.getRandomValues(new Uint8Array(32))
  return { sign, key: await newSecretKey() }
}

/**
 * The old key signs for the new one, which takes over its name and roles (`member.rotate`). A coordinator's
 * new key makes the next desk key in the same batch and gets the old ones; what a maintainer reads in
 * cases, a coordinator gives to the new key again.
 */
export async function rotateKey(
  view: DeskView,
  self: Self,
  { sign, key }: NewSelf,
): Promise<{ readonly view: DeskView; readonly self: Self }> {
  const member = memberOf(view.directory.now, self.signer.who)
  if (member?.active !== true)
    throw new ClientError('not-allowed', 'Only an active member’s key can be followed by another.')
  const signer = await signerOfSeed(sign)
  const { who } = signer
  const enc = key.cert
  const claim = { desk: view.id, enc, handle: member.handle, invite: '', who }
  const join = await signer.sign(joinMessage(claim))
  const next = await appendToDesk(view, (desk) => {
    const rotation: Composer<DeskHead> = async (place) => ({
      signer: self.signer,
      head: { ...place(self.signer), type: 'member.rotate', who, enc, join },
      blobs: [],
    })
    if (!isCoordinator(desk.directory.now, self.signer.who)) return [rotation]
    const readers = [...deskReaders(desk, self.signer.who), { who, enc }]
    return [
      rotation,
      ...newDeskEpochs(signer, desk.directory.now, readers, desk.api),
      grantDeskKeys(desk, self, { who, enc }, signer),
    ]
  })
  return { view: next, self: { signer, key, root: self.root } }
}
