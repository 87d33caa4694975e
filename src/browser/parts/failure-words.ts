import type { Failure, FailureCode } from '#worker'

export type FailureWords = {
  readonly tone: 'plain' | 'due' | 'late'
  readonly title: string
  /** What is safe, and what to do. The sentence of the failure itself stands before it. */
  readonly safe: string
  /** The word on the button; `""` where trying again is of no use. */
  readonly retry: string
}

const WORDS: Readonly<Record<FailureCode, FailureWords>> = {
  alarm: { tone: 'late', title: 'We stopped.', safe: 'Nothing more is shown or sent.', retry: '' },
  refused: {
    tone: 'late',
    title: 'A check failed, so it was not done.',
    safe: 'Nothing was sent. Tell another coordinator what stands here.',
    retry: 'Check again',
  },
  unreachable: {
    tone: 'late',
    title: 'It was not sent. The server did not answer.',
    safe: 'What you wrote is still here. Look at your network, then send it again.',
    retry: 'Send again',
  },
  unavailable: {
    tone: 'due',
    title: 'The desk cannot take this just now.',
    safe: 'What you wrote is still here. Wait a minute, then send it again.',
    retry: 'Send again',
  },
  'not-found': {
    tone: 'plain',
    title: 'There is nothing here.',
    safe: 'It is gone, or it is not for you.',
    retry: '',
  },
  'not-fresh': {
    tone: 'plain',
    title: 'Confirm that it is you.',
    safe: 'This needs a touch of your passkey from the last minutes.',
    retry: 'Confirm and go on',
  },
  locked: {
    tone: 'plain',
    title: 'The desk is locked.',
    safe: 'Unlock it and go on where you were. Your draft is kept, sealed.',
    retry: '',
  },
  code: {
    tone: 'plain',
    title: 'These words do not fit.',
    safe: 'Look at each word and their order, then try again.',
    retry: '',
  },
  problem: {
    tone: 'late',
    title: 'It was not done.',
    safe: 'What you wrote is still here.',
    retry: 'Try again',
  },
  bug: {
    tone: 'late',
    title: 'Something broke in this page.',
    safe: 'It was not foreseen and may not have been done. Copy your text before you load the page again.',
    retry: 'Try again',
  },
}

/** The desk looked at a passkey and did not take it: nobody's lie, and the person can mend it. */
const PASSKEY: FailureWords = {
  tone: 'late',
  title: 'The desk did not take this passkey.',
  safe: 'Nothing else was changed. Make one that asks for its PIN, your finger or your face, and within five minutes.',
  retry: 'Try again',
}

export function failureWords({ code, check }: Pick<Failure, 'code' | 'check'>): FailureWords {
  return code === 'refused' && check === 'passkey' ? PASSKEY : WORDS[code]
}
