import type { Signer } from '#seal'
import type { SecretKey } from '#unseal'

/** The person at this machine, with opened keys: a member, or a reporter. Lives in memory only. */
export type Self = {
  readonly signer: Signer
  readonly key: SecretKey
  /** The desk's root, where its words were given by hand: until this sitting ends. Kept nowhere. */
  readonly root: Signer | undefined
}
