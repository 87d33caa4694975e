import { timingSafeEqual } from 'node:crypto'
import { bytesOfHex, hexOfBytes } from '#lexicon'
import { authHash } from '#seal'
import type { IdentityDeps } from './identity-deps.ts'
import { openSession } from './session.ts'

/** Compared when there is no such row, so that both answers take the same path (N15). */
const DUMMY = new Uint8Array(32)

/** A reporter comes back with what the twelve words derive. Null for an unknown lookup and a wrong auth alike. */
export async function openReporterSession(
  deps: IdentityDeps,
  ticket: { readonly lookup: string; readonly auth: string },
): Promise<{ session: string; case: string; vault: string } | null> {
  const lookup = bytesOfHex(ticket.lookup)
  const row = await deps.db
    .selectFrom('keys.vault')
    .select(['auth_hash', 'case_id', 'who'])
    .where('lookup', '=', lookup)
    .where('ended', 'is', null)
    .executeTakeFirst()
  const right = isAuth(ticket.auth, row?.auth_hash)
  if (row === undefined || !right) return null
  // Only now: fetching kilobytes takes a time that would tell a known lookup.
  const { vault } = await deps.db
    .selectFrom('keys.vault')
    .select('vault')
    .where('lookup', '=', lookup)
    .executeTakeFirstOrThrow()
  const caseId = hexOfBytes(row.case_id)
  const who = hexOfBytes(row.who)
  const session = await openSession(deps, deps.db, { kind: 'reporter', who, caseId })
  return { session, case: caseId, vault }
}

/** Constant time. `stored` is SHA-256 of the auth bytes, or absent. */
export function isAuth(auth: string, stored: Uint8Array | undefined): boolean {
  const equal = timingSafeEqual(authHash(bytesOfHex(auth)), stored ?? DUMMY)
  return equal && stored !== undefined
}
