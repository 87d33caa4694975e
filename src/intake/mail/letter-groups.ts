import type { Directory } from '#seal'
import type { MailDeps } from '../intake-deps.ts'
import { fileMails, type ReadyMail } from './file-mails.ts'
import { gathering } from './gather-mails.ts'

/** A mail that can be filed together with others, and how it is filed by itself. */
export type Letter = { readonly ready: ReadyMail; readonly alone: () => Promise<LetterTaken> }

/** `new`: it is a case. `known`: it came before. */
export type LetterTaken = 'new' | 'known'

export type LetterGroups = {
  /** Durable when its promise is kept. */
  readonly file: (letter: Letter) => Promise<LetterTaken>
  /**
   * The directory to seal by: what was the newest a moment ago. Whether it still is shows under the ledger's lock,
   * before anything counts.
   */
  readonly directory: () => Promise<Directory | undefined>
  /** It was not: the next one asks. */
  readonly forget: () => void
}

/** At a commit that takes a while, those of a whole second: more would only make one failure dearer. */
const MOST = 16

export function openLetterGroups(deps: MailDeps): LetterGroups {
  let known: Directory | undefined
  const file = gathering<Letter, LetterTaken>({
    most: MOST,
    together: async (letters) => {
      await fileMails(
        deps,
        letters.map(({ ready }) => ready),
      )
      return 'new'
    },
    alone: ({ alone }) => alone(),
  })
  return {
    file,
    directory: async () => (known ??= await deps.directory()),
    forget: () => {
      known = undefined
    },
  }
}
