import type { MemberSession } from './member-session.ts'
import type { MemberOperations } from './operations.ts'
import type { Handlers } from './serve-page.ts'

/** Half-written texts survive a lock, a reload and a dead line, sealed on this machine. */
export function draftHandlers(
  session: MemberSession,
): Handlers<Pick<MemberOperations, 'keepDraft' | 'readDraft'>> {
  return {
    keepDraft: async ({ place, text }) => {
      const { shelf } = session.open()
      const name = shelf.secretName('draft', place)
      if (text === '') await shelf.remove(name)
      else await shelf.write(name, text)
      return {}
    },
    readDraft: async ({ place }) => {
      const { shelf } = session.open()
      return { text: (await shelf.read(shelf.secretName('draft', place))) ?? '' }
    },
  }
}
