import { type Bytes, bytesOfHex, hexOfBytes } from '#lexicon'
import type { Person } from '#seal'
import { bytesOfBase64Url } from './base64url.ts'
import { takeChallenge } from './challenge.ts'
import type { Db, IdentityDeps } from './identity-deps.ts'
import { IdentityError } from './identity-error.ts'
import {
  type AssertionResponse,
  type Credential,
  nonceOf,
  readAssertion,
  readRegistration,
  verifiesNobody,
} from './webauthn.ts'

/** A registration as it came, with the browser's hints how to reach the authenticator. */
export type Registration = {
  readonly id: string
  readonly client_data: string
  readonly attestation: string
  readonly transports: readonly string[]
}

/** A passkey that passed every check and belongs to nobody yet. */
export type NewPasskey = Credential & { readonly transports: readonly string[] }

/** So many ways in are somebody's mistake, or somebody's attempt to fill the desk. */
const MOST = 20

/** Takes the challenge of a registration and checks it. Throws `IdentityError` wrong-passkey. */
export async function verifyRegistration(
  deps: IdentityDeps,
  registration: Registration,
): Promise<NewPasskey> {
  const nonce = nonceOf(registration.client_data)
  const taken = nonce !== undefined && (await takeChallenge(deps, nonce))
  const credential = taken
    ? await readRegistration(registration, { nonce, origin: deps.origin })
    : undefined
  if (credential === undefined)
    throw new IdentityError(
      'wrong-passkey',
      taken && verifiesNobody(registration)
        ? 'This passkey asks for no PIN, finger or face.'
        : 'This passkey was not made for this desk just now.',
    )
  return { ...credential, transports: registration.transports }
}

/** Keeps a passkey for its person. Throws `IdentityError` conflict where the id is known. */
export async function storePasskey(
  deps: IdentityDeps,
  tx: Db,
  passkey: NewPasskey & { readonly who: Person; readonly label: string },
): Promise<void> {
  const { id, who, publicKey, counter, transports, label, synced } = passkey
  const own = await tx
    .selectFrom('identity.passkey')
    .select('id')
    .where('who', '=', bytesOfHex(who))
    .execute()
  if (own.length >= MOST)
    throw new IdentityError('wrong-passkey', 'These are enough passkeys: remove one of them first.')
  const row = { id, who: bytesOfHex(who), public_key: publicKey, counter, label, synced }
  const stored = await tx
    .insertInto('identity.passkey')
    .values({ ...row, transports: [...transports], added: new Date(deps.clock()) })
    .onConflict((known) => known.doNothing())
    .executeTakeFirst()
  if (stored.numInsertedOrUpdatedRows !== 1n)
    throw new IdentityError('conflict', 'This passkey is known already.')
}

/** An assertion by a passkey that we know, fully checked but for who may come in. */
export type Proof = { readonly id: Bytes; readonly who: Person; readonly counter: number }

/**
 * Who made this assertion, or null. An unknown passkey takes the same path: its signature is checked with
 * a key that nobody has (R16).
 */
export async function proofOf(
  deps: IdentityDeps,
  assertion: AssertionResponse,
): Promise<Proof | null> {
  const nonce = nonceOf(assertion.client_data)
  const taken = nonce !== undefined && (await takeChallenge(deps, nonce))
  const id = bytesOfBase64Url(assertion.id)
  if (nonce === undefined || id === undefined) return null
  const row = await deps.db
    .selectFrom('identity.passkey')
    .select(['who', 'public_key'])
    .where('id', '=', id)
    .executeTakeFirst()
  const publicKey = row?.public_key ?? NOBODYS
  const next = await readAssertion(assertion, publicKey, { nonce, origin: deps.origin })
  if (!taken || row === undefined || next === undefined) return null
  return { id, who: hexOfBytes(row.who), counter: next }
}

/**
 * The use of a passkey that lets somebody in. False when its counter did not move on: then there are two
 * of it, or two used it at once. Some have no counter: theirs is always zero.
 */
export async function noteUse(
  { clock }: Pick<IdentityDeps, 'clock'>,
  tx: Db,
  { id, who, counter }: Proof,
): Promise<boolean> {
  const used = await tx
    .updateTable('identity.passkey')
    .set({ used: new Date(clock()), counter })
    .where('id', '=', id)
    .where('who', '=', bytesOfHex(who))
    .where((passkey) => passkey.or([passkey('counter', '<', counter), passkey('counter', '=', 0)]))
    .executeTakeFirst()
  return used.numUpdatedRows === 1n
}

/** The generator of P-256: everybody has its private key, which is 1, and it lets nobody in. */
const NOBODYS = bytesOfHex(
  [
    'a5010203262001',
    '215820',
    '6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296',
    '225820',
    '4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5',
  ].join(''),
)
