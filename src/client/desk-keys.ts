import type { Bytes } from '#lexicon'
import {
  blobHash,
  type Certificate,
  coordinatorsOf,
  type DeskHead,
  type DirectoryState,
  memberOf,
  readCertificate,
  type Signer,
  slotOf,
  type Wrap,
  wrapKey,
} from '#seal'
import { newMailKey, newSecretKey, type SecretKey } from '#unseal'
import type { Api } from './api.ts'
import type { Composer } from './append.ts'
import { ClientError } from './client-error.ts'
import type { DeskView } from './desk-view.ts'
import { mailUser } from './mail-user.ts'
import { demandUnchanged } from './trust.ts'

/** A new epoch of the desk's own circles, as one batch: `desk` for these coordinators, `mail` for the new desk key. */
export function newDeskEpochs(
  signer: Signer,
  state: DirectoryState,
  coordinators: readonly { readonly who: string; readonly enc: string }[],
  api: Api,
): readonly Composer<DeskHead>[] {
  const epoch = state.desk.length + 1
  let deskKey: SecretKey | undefined
  return [
    async (place) => {
      deskKey = await newSecretKey()
      const { cert, secret } = deskKey
      const head = {
        ...place(signer),
        type: 'desk.key' as const,
        circle: 'desk' as const,
        epoch,
        cert,
        wraps: [],
      }
      const readers = coordinators.map(async ({ who, enc }) => ({
        to: who,
        certificate: await readCertificate(enc),
      }))
      return finish(signer, head, secret, await Promise.all(readers))
    },
    async (place) => {
      if (deskKey === undefined) throw new ClientError('problem', 'The desk key comes first.')
      const user = await mailUser(api, state)
      const { cert, secret } = await newMailKey(user?.name, user?.email)
      const mailEpoch = state.mail.length + 1
      const head = {
        ...place(signer),
        type: 'desk.key' as const,
        circle: 'mail' as const,
        epoch: mailEpoch,
        cert,
        wraps: [],
      }
      const certificate = await readCertificate(deskKey.cert)
      return finish(signer, head, secret, [{ to: `desk/${epoch}`, certificate }])
    },
  ]
}

/** The active coordinators with the certificates that a new desk key is wrapped to, less one who leaves. */
export function deskReaders(view: DeskView, leaving?: string) {
  const state = view.directory.now
  return coordinatorsOf(state)
    .filter((who) => who !== leaving)
    .map((who) => {
      demandUnchanged(view, who)
      return { who, enc: memberOf(state, who)?.enc ?? '' }
    })
}

async function finish(
  signer: Signer,
  head: Extract<DeskHead, { type: 'desk.key' }>,
  secret: Bytes,
  readers: readonly { readonly to: string; readonly certificate: Certificate }[],
) {
  const slot = slotOf(head)
  const wraps: Wrap[] = []
  const blobs: Bytes[] = []
  for (const { to, certificate } of readers) {
    const blob: Bytes = await wrapKey(slot, secret, certificate)
    blobs.push(blob)
    wraps.push({ blob: blobHash(blob), epoch: head.epoch, to })
  }
  return { signer, head: { ...head, wraps }, blobs }
}
