import type { Enrolment } from '#contract'
import type { Person } from '#seal'
import type { Tx, IdentityDeps } from './identity-deps.ts'
import { storeMemberVault, storeRecovery } from './member-vault.ts'
import { type NewPasskey, storePasskey, verifyRegistration } from './passkey.ts'

/** What a new member’s browser sent along, its passkey checked. */
export type VerifiedEnrolment = Omit<Enrolment, 'registration'> & { readonly passkey: NewPasskey }

/** The challenge is spent by this, so it comes last of what can be refused without it. */
export async function verifyEnrolment(
  deps: IdentityDeps,
  enrolment: Enrolment | undefined,
): Promise<VerifiedEnrolment | undefined> {
  if (enrolment === undefined) return undefined
  const { registration, ...rest } = enrolment
  return { ...rest, passkey: await verifyRegistration(deps, registration) }
}

/** The ways in of somebody who has none. They open nothing until the desk chain has that person. */
export async function storeEnrolment(
  deps: IdentityDeps,
  tx: Tx,
  who: Person,
  { passkey, label, vault, recovery }: VerifiedEnrolment,
): Promise<void> {
  await storePasskey(deps, tx, { ...passkey, who, label })
  await storeRecovery(tx, who, recovery)
  await storeMemberVault(tx, who, vault)
}
