import { DIRECTORY_FRESH, millisecondsOf } from '#lexicon'
import type { Directory } from './directory.ts'
import { demand } from './refused.ts'

/**
 * The 30-day rule (PROTOCOL 3), before sealing or wrapping: a server that withholds a removal must show
 * an old chain, and an old chain is not sealed to (N7). `nowMs` is the client's own clock.
 * Throws `Refused` stale-directory.
 */
export function assertFreshDirectory(directory: Directory, nowMs: number): void {
  const { at } = directory.now
  demand(
    nowMs - millisecondsOf(at) < DIRECTORY_FRESH,
    'stale-directory',
    `The newest statement of this desk is from ${at}: nobody of the desk was here for 30 days, or the server withholds it.`,
  )
}
