import type { Failure } from '#worker'

export type SendFailureWords = { readonly title: string; readonly says: readonly string[] }

const KEPT = 'Your text and files are still in this tab.'
const SAME =
  'Send it again as it is: the same report gets the same receipt, never a second case. If you change it first, it counts as another report.'

/**
 * What did not happen, what is safe, what to do. After silence nobody knows whether the desk has the
 * report, and the page does not pretend to: the same report sent again is the same case.
 */
export function sendFailureWords({ code, message }: Failure): SendFailureWords {
  switch (code) {
    case 'unreachable':
      return {
        title: 'You have no receipt yet: the desk did not answer.',
        says: [`${KEPT} When the network is back: ${lowerFirst(SAME)}`],
      }
    case 'unavailable':
      return { title: 'You have no receipt yet.', says: [message, `${KEPT} ${SAME}`] }
    case 'refused':
      return {
        title: 'Your report was not sent: a check failed.',
        says: [message, `${KEPT} Nothing readable left it. Try again, or report another way.`],
      }
    default:
      return {
        title: 'Your report was not sent.',
        says: [
          message,
          `${KEPT} Try again; if it fails the same way, copy the text and report another way.`,
        ],
      }
  }
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1)
}
