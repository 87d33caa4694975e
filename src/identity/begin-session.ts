import { isActive } from '#seal'
import { logOut } from './end-sessions.ts'
import type { IdentityDeps, Tx } from './identity-deps.ts'
import { noteSeen } from './recovery.ts'
import { type Beginning, openSession } from './session.ts'

type OfMember = Extract<Beginning, { kind: 'member' }>

/**
 * The session of a login that was proved, or null for somebody who is no active member. It stands in the
 * ledger. The session that the same browser carried before ends with it (R18). A request for recovery goes
 * on: a login is no word of the owner about it, and may be a thief's.
 */
export async function beginSession(
  deps: IdentityDeps,
  tx: Tx,
  begins: OfMember,
  before: string | undefined,
): Promise<string | null> {
  // First, as whoever ends a member does: else the two could wait for each other. And the directory is
  // read under it, for an entry must not name an older one than the entry before.
  await deps.ledger.lock(tx)
  const directory = await deps.deskChain.current(tx)
  if (directory === undefined || !isActive(directory.now, begins.who)) return null
  if (before !== undefined) await logOut({ db: tx }, before)
  const token = await openSession(deps, tx, begins)
  await noteSeen(tx, begins.who, new Date(deps.clock()))
  const { desk, head } = directory
  const event = { kind: 'login', about: begins.who, count: 1, note: '' } as const
  await deps.ledger.event(tx, { desk, dir: head.id, ...event })
  return token
}
