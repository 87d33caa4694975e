import type { LedgerWriter } from '#ledger'
import type { Person } from '#seal'
import { openDeskChain } from './desk-chain.ts'
import type { Db, IdentityDeps } from './identity-deps.ts'
import type { MemberSession } from './session.ts'

/** For tests: the door's own room over a real database, at an origin of its own. */
export function trialIdentity(behind: {
  readonly database: { readonly logins: { readonly identity: Db } }
  readonly ledger: LedgerWriter
  readonly world: { readonly server: { readonly who: Person } }
  readonly clock: () => number
  readonly random: IdentityDeps['random']
}): IdentityDeps {
  const { database, ledger, world, clock, random } = behind
  const db = database.logins.identity
  const deskChain = openDeskChain(db)
  const origin = 'https://desk.example.org'
  return { db, ledger, deskChain, server: world.server.who, origin, clock, random }
}

/** For tests: a member who logged in just now. */
export function sessionNow({ clock }: IdentityDeps, who: Person): MemberSession {
  return { kind: 'member', who, way: 'key', id: '0'.repeat(32), proved: clock() }
}
