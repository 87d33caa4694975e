import { bytesOfHex } from '#lexicon'
import type { Person } from '#seal'
import type { IdentityDeps } from './identity-deps.ts'

/** Where this member gets notices. The last one given counts; it is deleted when their key ends. */
export async function noteAddress(
  { db, clock }: Pick<IdentityDeps, 'db' | 'clock'>,
  who: Person,
  address: string,
): Promise<void> {
  const noted = new Date(clock())
  await db
    .insertInto('identity.address')
    .values({ who: bytesOfHex(who), address, noted })
    .onConflict((known) => known.column('who').doUpdateSet({ address, noted }))
    .execute()
}
