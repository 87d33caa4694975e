import { HARMLESS_SORTS } from '#lexicon'
import type { CaseShown } from '#worker'
import { asksAgain, hasReporter, isOutOfReach, waitsForAnswer } from './case-words.ts'

/** The one thing to do next, by a rule that is written here and nowhere else. */
export type NextStep = {
  readonly act: 'acknowledge' | 'sort' | 'answer' | 'close' | 'reopen' | 'none'
  /** What to do, as a short sentence. */
  readonly title: string
  readonly because: string
}

/** Acknowledge, then say what it is, then answer, then close. Whoever is no coordinator signs none of it. */
export function nextStep(shown: CaseShown, coordinator: boolean): NextStep {
  if (!coordinator) return readersStep(shown)
  if (asksAgain(shown))
    return {
      act: 'answer',
      title: 'Answer the reporter.',
      because: 'They wrote again after the case was closed. Answer, or close it once more.',
    }
  if (shown.state === 'closed' || shown.state === 'archived')
    return {
      act: 'reopen',
      title: 'This case is closed.',
      because: 'It can be opened again when something new comes up.',
    }
  if (shown.due !== '')
    return {
      act: 'acknowledge',
      title: 'Acknowledge the report.',
      because: isOutOfReach(shown)
        ? 'It says that a person has it, and the clock stops. The sender of the mail does not see it.'
        : 'The reporter sees that a person has it, and the clock stops.',
    }
  if (shown.sort === '')
    return {
      act: 'sort',
      title: 'Say what it is.',
      because: hasReporter(shown)
        ? 'It is not sorted yet. The sort decides which answers fit.'
        : 'It is not sorted yet.',
    }
  if (waitsForAnswer(shown) >= 0)
    return {
      act: 'answer',
      title: 'Answer the reporter.',
      because: shown.answered
        ? 'The last word in General is theirs.'
        : 'They know that a person has it, and nothing more.',
    }
  if (HARMLESS_SORTS.includes(shown.sort))
    return {
      act: 'close',
      title: 'Close the case.',
      because:
        hasReporter(shown) && shown.answered
          ? 'It is sorted and the reporter has an answer.'
          : 'It is sorted, and nobody waits for an answer.',
    }
  if (shown.state === 'waiting')
    return { act: 'none', title: 'Wait.', because: 'The case waits for somebody else.' }
  return {
    act: 'none',
    title: 'Work on it.',
    because: `${shown.answered ? 'The reporter has an answer' : 'Nobody waits for an answer'}. Close the case when the work is done.`,
  }
}

function readersStep({ state }: CaseShown): NextStep {
  if (state === 'closed' || state === 'archived')
    return {
      act: 'none',
      title: 'This case is closed.',
      because: 'A coordinator can open it again.',
    }
  return {
    act: 'none',
    title: 'Read, and write what you know.',
    because: 'Coordinators acknowledge, sort and close the case.',
  }
}
