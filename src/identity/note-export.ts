import { inTransaction } from '#store'
import { enterEvent } from './enter-event.ts'
import type { IdentityDeps } from './identity-deps.ts'
import type { MemberSession } from './session.ts'

/** That this member takes a copy of a case with them stands in the ledger. The caller may read the case. */
export async function noteExport(
  deps: IdentityDeps,
  { who }: MemberSession,
  caseId: string,
): Promise<void> {
  await inTransaction(deps.db, async (tx) => {
    await deps.ledger.lock(tx)
    await enterEvent(deps, tx, { kind: 'export', about: caseId, count: 1, note: who })
  })
}
