import { bytesOfText, hexOfBytes } from '#lexicon'
import { sha256 } from '#seal'
import type { MemberSession } from './member-session.ts'
import type { MemberOperations } from './operations.ts'
import type { Handlers } from './serve-page.ts'

/** Half-written texts survive a lock, a reload and a dead line, sealed on this machine. */
export function draftHandlers(
  session: MemberSession,
): Handlers<Pick<MemberOperations, 'keepDraft' | 'readDraft'>> {
  const nameOf = (place: string) => `draft-${hexOfBytes(sha256(bytesOfText(place))).slice(0, 32)}`
  return {
    keepDraft: async ({ place, text }) => {
      const { shelf } = session.open()
      if (text === '') await shelf.remove(nameOf(place))
      else await shelf.write(nameOf(place), text)
      return {}
    },
    readDraft: async ({ place }) => ({
      text: (await session.open().shelf.read(nameOf(place))) ?? '',
    }),
  }
}
