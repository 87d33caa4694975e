import {
  blobHash,
  type DeskHead,
  readCertificate,
  type Signer,
  slotOf,
  type Wrap,
  wrapKey,
} from '#seal'
import type { SecretKey } from '#unseal'
import type { Composer } from './append.ts'
import { ClientError } from './client-error.ts'
import type { DeskView } from './desk-view.ts'
import { createKeyring, type Keyring } from './keyring.ts'
import type { Self } from './self.ts'
import { demandUnchanged } from './trust.ts'

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

/** A key that this coordinator was never given, or whose wrap a restore lost, is for another to grant. */
async function keyIfMine(keyring: Keyring, name: string): Promise<SecretKey | undefined> {
  try {
    return await keyring.keyOf(name)
  } catch (error) {
    if (error instanceof ClientError) return undefined
    throw error
  }
}
