import { ClientError, fetchDocument, releasedNow } from '#client'
import { checkSecurityTxt } from '#publication'
import type { Shift } from './enter.ts'
import { line } from './print.ts'

export const SECURITY_TXT = '.well-known/security.txt'

/** Said to whoever looks after the queue: the file by which strangers find the desk ends soon, or has ended. */
export async function sayWhenSecurityTxtEnds({ view, print }: Shift): Promise<void> {
  const release = releasedNow(view).get(SECURITY_TXT)
  if (release === undefined) return
  try {
    const bytes = await fetchDocument(view.api, release.sha256)
    const { fields, findings } = checkSecurityTxt(bytes, { now: view.clock() })
    const due = findings.some(({ code }) => code === 'expires_soon' || code === 'expired')
    const ends = fields.find(({ name }) => name === 'expires')?.value ?? ''
    if (due)
      print.say(
        `The desk’s security.txt ends on ${line(ends)}: renew it by “postern securitytxt sign”.`,
      )
  } catch (error) {
    // The queue is what they came for.
    if (!(error instanceof ClientError)) throw error
    print.say(`The desk’s security.txt could not be looked at: ${line(error.message)}`)
  }
}
