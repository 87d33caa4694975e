import type { Signer } from '#seal'
import type { SecretKey } from '#unseal'

/** The person at this machine, with opened keys: a member, or a reporter. Lives in memory only. */
export type Self = {
  readonly signer: Signer
  readonly key: SecretKey
  /** The desk's root, for a coordinator who keeps it. */
  readonly root: Signer | undefined
}
