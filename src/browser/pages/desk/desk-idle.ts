import { HOUR, MINUTE } from '#lexicon'

/** R19: a coordinator's desk locks after 15 minutes without them, everybody else's after an hour. */
export function idleLimit(coordinator: boolean): number {
  return coordinator ? 15 * MINUTE : HOUR
}

export type Idle = {
  readonly locks: boolean
  /** In the last minute the page says so, and any key stays. */
  readonly warns: boolean
  /** `12 min`, for the corner of the page. */
  readonly left: string
}

export function idleAt(lastActive: number, now: number, limit: number): Idle {
  // A clock that was set back must not keep a desk open.
  const left = Math.min(limit, lastActive + limit - now)
  return {
    locks: left <= 0,
    warns: left > 0 && left <= MINUTE,
    left: `${String(Math.max(1, Math.ceil(left / MINUTE)))} min`,
  }
}
