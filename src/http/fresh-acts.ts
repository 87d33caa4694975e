import type { EndpointName, NewStatement } from '#contract'
import { DAILY_DESK_ACTS, type IdentityDeps, isFreshSession, type Session } from '#identity'
import { type CaseHead, readHead } from '#seal'
import { HttpError } from './http-error.ts'

/** What publishes a document, destroys a case, or lets one of these happen. */
const GRAVE: readonly CaseHead['type'][] = ['release', 'case.review', 'case.shred', 'approve']

/**
 * Where the statement decides whether the person is asked again. Of every other endpoint the contract says
 * it by `fresh`.
 */
export const FRESH_STATEMENTS: {
  readonly [N in EndpointName]?:
    { readonly only: readonly string[] } | { readonly except: readonly string[] }
} = {
  appendToDesk: { except: DAILY_DESK_ACTS },
  appendToCase: { only: GRAVE },
}

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
