import { type MemberSession, refreshed } from './member-session.ts'
import type { MemberOperations } from './operations.ts'
import type { Handlers } from './serve-page.ts'

/** Another tab was stopped by an alarm. This one believes only what it sees itself: it looks again. */
export function checkHandlers(session: MemberSession): Handlers<Pick<MemberOperations, 'recheck'>> {
  return {
    recheck: async () => {
      await refreshed(session.open())
      return {}
    },
  }
}
