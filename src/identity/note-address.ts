import { bytesOfHex, type NoticeWish } from '#lexicon'
import type { Person } from '#seal'
import type { IdentityDeps } from './identity-deps.ts'

/**
 * Where this member gets notices, and how often. The last one given counts; it is deleted when their key
 * ends. Whoever gives only an address is told at once, or as they chose before.
 */
export async function noteAddress(
  { db, clock }: Pick<IdentityDeps, 'db' | 'clock'>,
  who: Person,
  { address, notices }: { readonly address: string; readonly notices?: NoticeWish | undefined },
): Promise<void> {
  const noted = new Date(clock())
  const given = { address, noted, ...(notices !== undefined && { notices }) }
  await db
    .insertInto('identity.address')
    .values({ who: bytesOfHex(who), looked: noted, ...given })
    .onConflict((known) => known.column('who').doUpdateSet(given))
    .execute()
}
