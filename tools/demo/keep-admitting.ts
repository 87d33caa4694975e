import { setTimeout as wait } from 'node:timers/promises'
import { admit, ClientError, invite, listApplicants } from '#client'
import type { DemoPerson } from './demo-people.ts'

/** The handle that the demo lets in by itself. */
export const AWAITED = 'Volunteer 5'
const LOOK_EVERY = 2000

/** A link for one more coordinator. */
export async function inviteOne({ work }: DemoPerson, url: string): Promise<string> {
  const { view, self } = await work()
  const { code } = await invite(view, self, ['coordinator'])
  return `${url}/join#${code.words.replaceAll(' ', '-')}`
}

/**
 * Admits whoever answers as Volunteer 5, until the signal is raised. It compares no key words and signs
 * that it did: right for an example, and for nothing else.
 */
export async function keepAdmitting(
  { work, forgetSession }: DemoPerson,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const { view, self } = await work()
      const { applicants } = await listApplicants(view, self)
      for (const applicant of applicants.filter(({ handle }) => handle === AWAITED)) {
        await admit(view, self, applicant, 'words')
        say(`${AWAITED} was admitted. Their page may unlock now.`)
      }
    } catch (error) {
      // Whoever came in as Volunteer 1 and added a passkey ended this session; or the server is slow.
      if (!(error instanceof ClientError)) throw error
      forgetSession()
    }
    await wait(LOOK_EVERY, undefined, { signal }).catch(() => undefined)
  }
}
