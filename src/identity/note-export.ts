import { inTransaction } from '#store'
import type { IdentityDeps } from './identity-deps.ts'
import { IdentityError } from './identity-error.ts'
import type { MemberSession } from './session.ts'

/** That this member takes a copy of a case with them stands in the ledger. The caller may read the case. */
export async function noteExport(
  { db, ledger, deskChain }: IdentityDeps,
  { who }: MemberSession,
  caseId: string,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    await ledger.lock(tx)
    const directory = await deskChain.current(tx)
    if (directory === undefined) throw new IdentityError('not-open', 'This desk is not set up yet.')
    const place = { desk: directory.desk, dir: directory.head.id }
    await ledger.event(tx, { ...place, kind: 'export', about: caseId, count: 1, note: who })
  })
}
