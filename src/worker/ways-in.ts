import type { Enrolment } from '#contract'
import { type Bytes, bytesOfHex, hexOfBytes } from '#lexicon'
import {
  authHash,
  closeVault,
  type Code,
  prfKey,
  recoveryKeys,
  signerOfSeed,
  type VaultKey,
  writeVault,
} from '#seal'
import type { Prf, Registered } from './operations.ts'

/** The box that this passkey opens by itself; none where its authenticator has no PRF. */
export function passkeyWay(id: string, prf: Prf, desk: string): VaultKey | undefined {
  if (prf === undefined) return undefined
  return { kind: 'prf', id, key: prfKey(new Uint8Array(prf), desk) }
}

export function recoveryWay(code: Code, desk: string): VaultKey {
  const { lookup, wrap } = recoveryKeys(code, desk)
  return { kind: 'recovery', id: lookup, key: wrap }
}

/** What the server keeps of recovery words: where to look, and a hash of the proof of knowing them. */
export function recoveryTicket(code: Code, desk: string) {
  const { lookup, auth } = recoveryKeys(code, desk)
  return { lookup, auth_hash: hexOfBytes(authHash(bytesOfHex(auth))) }
}

/** The ways in of somebody new: passkey and recovery words, from the first day (PROTOCOL 4.2). */
export async function enrolmentOf(
  desk: string,
  bundle: { readonly sign: Bytes; readonly pgp: Bytes; readonly root: Bytes | undefined },
  recovery: Code,
  passkey: { readonly registration: Registered; readonly prf: Prf; readonly label: string },
): Promise<Enrolment> {
  const { registration, prf, label } = passkey
  const { who } = await signerOfSeed(bundle.sign)
  const own = passkeyWay(registration.id, prf, desk)
  const ways = [...(own === undefined ? [] : [own]), recoveryWay(recovery, desk)]
  const vault = writeVault(await closeVault(desk, who, bundle, ways))
  return { registration, label, vault, recovery: recoveryTicket(recovery, desk) }
}
