import { bytesOfHex, hexOfBytes } from '#lexicon'
import { isActive, type Person, sha256 } from '#seal'
import { inTransaction } from '#store'
import { beginSession } from './begin-session.ts'
import type { IdentityDeps } from './identity-deps.ts'
import { IdentityError } from './identity-error.ts'
import { readMemberVault } from './member-vault.ts'
import { noteUse, proofOf } from './passkey.ts'
import type { MemberSession } from './session.ts'
import type { AssertionResponse } from './webauthn.ts'

/**
 * A session and the vault for whoever touched their passkey, or null: one answer for a passkey that is
 * unknown, not admitted yet, revoked, or wrongly answered (R13, R16).
 */
export async function logInByPasskey(
  deps: IdentityDeps,
  assertion: AssertionResponse,
  before?: string,
): Promise<{ who: Person; vault: string; session: string } | null> {
  const proof = await proofOf(deps, assertion)
  const directory = await deps.deskChain.current()
  if (proof === null || directory === undefined || !isActive(directory.now, proof.who)) return null
  const { who, id } = proof
  return inTransaction(deps.db, async (tx) => {
    await deps.ledger.lock(tx)
    if (!(await noteUse(deps, tx, proof))) return null
    const begins = { kind: 'member', who, way: 'passkey', passkey: id } as const
    const session = await beginSession(deps, tx, begins, before)
    if (session === null) return null
    const vault = await readMemberVault(tx, who)
    if (vault === undefined)
      throw new IdentityError('damaged', 'A passkey has no vault: run verify.')
    return { who, vault, session }
  })
}

/**
 * The person of this session confirms that they are there. Their token is renewed, and the one that they
 * came with is dead (R18); how old the session is does not change. Null for another person's passkey.
 */
export async function stepUp(
  deps: IdentityDeps,
  { who, token }: Pick<MemberSession, 'who'> & { readonly token: string },
  assertion: AssertionResponse,
): Promise<string | null> {
  const proof = await proofOf(deps, assertion)
  if (proof === null || proof.who !== who) return null
  const next = deps.random(32)
  const now = new Date(deps.clock())
  const before = sha256(bytesOfHex(token))
  return inTransaction(deps.db, async (tx) => {
    const session = await tx
      .selectFrom('identity.session')
      .select('id')
      .where('token_hash', '=', before)
      .where('who', '=', bytesOfHex(who))
      .forUpdate()
      .executeTakeFirst()
    if (session === undefined || !(await noteUse(deps, tx, proof))) return null
    await tx
      .updateTable('identity.session')
      .set({ token_hash: sha256(next), proved: now, seen: now })
      .where('token_hash', '=', before)
      .execute()
    return hexOfBytes(next)
  })
}
