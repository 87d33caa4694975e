import { mailKeyOf } from '#client'
import type { MemberSession } from './member-session.ts'
import type { MemberOperations } from './operations.ts'
import type { Handlers } from './serve-page.ts'

type Settings = 'readMailSettings' | 'testMail'

/** How the desk takes and sends mail: the server's word, but for the key, which stands in the verified chain. */
export function mailSettingsHandlers(
  session: MemberSession,
): Handlers<Pick<MemberOperations, Settings>> {
  return {
    readMailSettings: async () => {
      const { view } = session.open()
      const settings = await session.api().call('readMailSettings', {})
      const { fingerprint, address, since, file } = await mailKeyOf(view)
      return { ...settings, key: { fingerprint, address, since, file } }
    },
    testMail: ({ to }) => session.api().call('testMail', { body: { to } }),
  }
}
