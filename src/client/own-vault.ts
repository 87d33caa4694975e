import type { Bytes } from '#lexicon'
import { signerOfSeed, type Vault, type VaultKey } from '#seal'
import { type OpenVault, reopenVault } from '#unseal'
import type { Self } from './self.ts'

export type { OpenVault } from '#unseal'

/** A person's own keys, and the vault that they came out of, to change its ways in. */
export type OwnVault = {
  readonly self: Self
  /** The signing seed: what a machine keeps for this person is sealed under it. */
  readonly seed: Bytes
  readonly vault: OpenVault
}

/** Opens one's own vault with one of its ways in. Throws `Refused` vault. */
export async function openOwnVault(desk: string, vault: Vault, way: VaultKey): Promise<OwnVault> {
  const open = await reopenVault(desk, vault, way)
  const { sign, key } = open.opened
  // A root that stands in the bundle is not taken from there: it acts only where its words are given.
  const self = { signer: await signerOfSeed(sign), key, root: undefined }
  return { self, seed: sign, vault: open }
}
