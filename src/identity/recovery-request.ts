import { DAY, HOUR } from '#lexicon'
import { coordinatorsOf, type DirectoryState, isSamePerson, type Person } from '#seal'
import type { IdentityDeps } from './identity-deps.ts'

/** Where nobody could release it: time for everybody who is told to object. */
const OPENS_AFTER = 72 * HOUR
/** How long an opened request gives the vault out. */
const OPEN_FOR = DAY
/** A request that nobody released by then was no urgent one, or not an honest one. */
const WAITS_FOR = 7 * DAY

/** What recovery words asked for. */
export type RecoveryRequest = {
  readonly asked: Date
  readonly released: Date | null
  /** The last login of this person since. */
  readonly seen: Date | null
  /** When the vault was first given out. */
  readonly given: Date | null
}

/**
 * When the vault is given out; undefined while it waits for a person. Where nobody could release it, time
 * does, and begins anew when this person comes in by another way: whoever is here can say whether it was
 * they who asked, and a finder of the paper waits for as long as they come.
 */
export function opensAt(request: RecoveryRequest, alone: boolean): number | undefined {
  const { released, given } = request
  const opened = released ?? given
  if (opened !== null) return opened.getTime()
  return alone ? begunAt(request) + OPENS_AFTER : undefined
}

/** From then on it opens nothing. */
export function endsAt(request: RecoveryRequest, alone: boolean): number {
  const from = opensAt(request, alone)
  return from === undefined ? begunAt(request) + WAITS_FOR : from + OPEN_FOR
}

/** Is there no other coordinator who could release it? */
export function isAlone(state: DirectoryState, who: Person): boolean {
  return coordinatorsOf(state).every((other) => isSamePerson(state, other, who))
}

/** Requests that open nothing any more. */
export async function sweepRecoveries({
  db,
  clock,
}: Pick<IdentityDeps, 'db' | 'clock'>): Promise<void> {
  const now = clock()
  const [waited, opened] = [new Date(now - WAITS_FOR), new Date(now - OPEN_FOR)]
  await db
    .deleteFrom('identity.recovery_request')
    .where((request) =>
      request.or([
        request('released', '<', opened),
        request.and([request('released', 'is', null), request('given', '<', opened)]),
        request.and([
          request('released', 'is', null),
          request('given', 'is', null),
          request('asked', '<', waited),
          request.or([request('seen', 'is', null), request('seen', '<', waited)]),
        ]),
      ]),
    )
    .execute()
}

function begunAt({ asked, seen }: RecoveryRequest): number {
  return Math.max(asked.getTime(), seen?.getTime() ?? 0)
}
