import { hexOfBytes, INVITATION_LIVES } from '#lexicon'
import { inTransaction } from '#store'
import { removeWaysIn } from './end-sessions.ts'
import type { IdentityDeps } from './identity-deps.ts'
import { sweepRecoveries } from './recovery-request.ts'
import { restoredAt } from './server-row.ts'
import { LONGEST_SESSION } from './session.ts'

/** Sessions, challenges, requests and enrolments that nobody will use again. */
export async function sweepSessions(deps: IdentityDeps): Promise<void> {
  const { db, clock } = deps
  const now = clock()
  await db
    .deleteFrom('identity.session')
    .where('opened', '<', new Date(now - LONGEST_SESSION))
    .execute()
  await db.deleteFrom('identity.challenge').where('expires', '<', new Date(now)).execute()
  await sweepRecoveries(deps)
  await sweepEnrolments(deps)
}

/**
 * What people left who answered an invitation and were never admitted: it expired since. Not while a
 * restored desk still takes back what was lost: their admission may be among it.
 */
async function sweepEnrolments({ db, deskChain, clock }: IdentityDeps): Promise<void> {
  const directory = await deskChain.current()
  if (directory === undefined || (await restoredAt(db)) !== undefined) return
  const rows = await db
    .selectFrom('identity.passkey')
    .select('who')
    .distinct()
    .where('added', '<', new Date(clock() - INVITATION_LIVES))
    .execute()
  for (const row of rows) {
    const who = hexOfBytes(row.who)
    if (!directory.now.seen.has(who)) await inTransaction(db, (tx) => removeWaysIn(tx, who))
  }
}
