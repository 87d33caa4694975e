import type { Failure } from '#worker'
import type { Trouble } from './follow-session.ts'

export type FollowFailureWords = {
  readonly title: string
  /** What is safe, and what to do. */
  readonly safe: string
}

const NOT_DONE: Readonly<Record<Trouble['of'], string>> = {
  opening: 'Your report was not opened.',
  sending: 'Your answer was not sent.',
  proof: 'The proof was not made.',
  looking: 'We could not look for news.',
  file: 'The file was not saved.',
}

/** What did not happen, what is safe, what to do now; the worker's own sentence stands between. */
export function followFailureWords({ of, failure }: Trouble): FollowFailureWords {
  return { title: NOT_DONE[of], safe: safeWords(of, failure) }
}

function safeWords(of: Trouble['of'], { code }: Failure): string {
  const again = code === 'refused' || code === 'bug' ? AGAIN_OR_ELSE : WAIT
  switch (of) {
    case 'opening':
      return `Your words are still here, and did not leave this machine. ${again}`
    case 'sending':
      // Silence proves nothing: what was sent may have arrived.
      return code === 'unreachable' || code === 'unavailable'
        ? `Your text and files are still here. Look for news first: if your answer stands above, it arrived. ${again}`
        : `Your text and files are still here. ${again}`
    case 'file':
      return `Nothing of it was written to your disk. ${again}`
    default:
      return `What you see is as it was when it was opened. ${again}`
  }
}

const WAIT = 'Wait a minute, then try again.'
const AGAIN_OR_ELSE = 'Try again; if it fails the same way, use the command line.'
