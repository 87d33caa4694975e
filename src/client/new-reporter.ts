import type { VaultDeposit } from '#contract'
import { type Bytes, bytesOfHex, hexOfBytes } from '#lexicon'
import {
  authHash,
  closeVault,
  type Code,
  newCode,
  receiptKeys,
  type Signer,
  signerOfSeed,
  writeVault,
} from '#seal'
import { newSecretKey, type SecretKey } from '#unseal'

/** Somebody without an account: keys and a code that are made for one case (PROTOCOL 4.3). */
export type Reporter = {
  readonly signer: Signer
  readonly seed: Bytes
  readonly key: SecretKey
  readonly code: Code
}

/** Fresh keys, and the twelve words of nobody yet. */
export async function newReporter(): Promise<Reporter> {
  const seed = crypto.getRandomValues(new Uint8Array(32))
  const [signer, key] = await Promise.all([signerOfSeed(seed), newSecretKey()])
  return { signer, seed, key, code: newCode() }
}

/** What the desk keeps for them: a vault that the words open, and what finds it. */
export async function depositOf(
  desk: string,
  { signer, seed, key, code }: Reporter,
): Promise<VaultDeposit> {
  const { lookup, auth, wrap } = receiptKeys(code, desk)
  const bundle = { sign: seed, pgp: key.secret, root: undefined }
  const vault = await closeVault(desk, signer.who, bundle, [
    { kind: 'receipt', id: lookup, key: wrap },
  ])
  const auth_hash = hexOfBytes(authHash(bytesOfHex(auth)))
  return { lookup, auth_hash, vault: writeVault(vault) }
}
