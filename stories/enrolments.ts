import { bytesOfHex, hexOfBytes } from '#lexicon'
import { authHash, closeVault, type Code, newCode, recoveryKeys, writeVault } from '#seal'
import type { MadeRegistration, SoftwareAuthenticator } from './software-authenticator.ts'
import { type Actor, seedOf, type World } from './world.ts'

/* What a member's browser deposits at the desk. */

export type EnrolmentDraft = {
  readonly registration: MadeRegistration
  readonly label: string
  readonly vault: string
  readonly recovery: { readonly lookup: string; readonly auth_hash: string }
}

/** The vault of an actor, which these passkeys and these recovery words open. */
export async function memberVault(
  world: World,
  actor: Actor,
  passkeys: readonly Pick<SoftwareAuthenticator, 'id'>[],
  code?: Code,
): Promise<string> {
  const bundle = { sign: seedOf(actor.name), pgp: actor.key.secret, root: undefined }
  const keys = passkeys.map(({ id }) => ({ kind: 'prf' as const, id, key: someKey(id) }))
  const words = code === undefined ? [] : [recoveryWay(world, code)]
  const vault = await closeVault(world.desk, actor.signer.who, bundle, [...keys, ...words])
  return writeVault(vault)
}

/** What the server learns of recovery words. */
export function recoveryTicket(world: World, code: Code) {
  const { lookup, auth } = recoveryKeys(code, world.desk)
  return { lookup, auth_hash: hexOfBytes(authHash(bytesOfHex(auth))) }
}

/** The first passkey of an actor, made for this challenge, with everything that goes with it. */
export async function enrolmentOf(
  world: World,
  actor: Actor,
  passkey: SoftwareAuthenticator,
  nonce: string,
  code = newCode(),
): Promise<EnrolmentDraft> {
  return {
    registration: passkey.register(nonce),
    label: 'A laptop',
    vault: await memberVault(world, actor, [passkey], code),
    recovery: recoveryTicket(world, code),
  }
}

function recoveryWay(world: World, code: Code) {
  const { lookup, wrap } = recoveryKeys(code, world.desk)
  return { kind: 'recovery' as const, id: lookup, key: wrap }
}

/** In place of what a PRF gives. */
function someKey(id: string) {
  return seedOf(`prf ${id}`)
}
