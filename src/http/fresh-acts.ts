import type { NewStatement } from '#contract'
import { type IdentityDeps, isFreshSession, type Session } from '#identity'
import { type CaseHead, readHead } from '#seal'
import { HttpError } from './http-error.ts'

/** What publishes a document, destroys a case, or lets one of these happen. */
const GRAVE: readonly CaseHead['type'][] = ['release', 'case.review', 'case.shred', 'approve']

/** These ask for the person again (R20); the daily work on a case does not. Throws `HttpError` not-fresh. */
export function demandFreshForGrave(
  identity: Pick<IdentityDeps, 'clock'>,
  session: Session,
  batch: readonly NewStatement[],
): void {
  if (isFreshSession(identity, session)) return
  const grave = batch.some(({ statement }) => GRAVE.includes(readHead(statement, 'case').type))
  if (grave) throw new HttpError('not-fresh')
}
