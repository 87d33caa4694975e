import { ClientError, type DeskView } from '#client'
import { type Release, releasesAt } from '#seal'
import { line } from './print.ts'
import { UsageError } from './usage.ts'

type Seen = Pick<DeskView, 'directory' | 'clock'>

/**
 * What a new version takes the place of must have been looked at: whoever prepared it before somebody else
 * released would undo their words without a sign. Throws `UsageError`, `ClientError`.
 */
export function demandReplaces(view: Seen, path: string, replaces: string | undefined): void {
  const seen = countingAt(view, path)
  if (seen !== undefined && replaces === undefined)
    throw new UsageError(
      `Something counts at ${line(path)} since ${seen.at}: read it by “postern release show ${seen.id.slice(0, 16)}”, then say --replaces ${seen.id.slice(0, 16)}.`,
    )
  if (replaces === undefined) return
  if (seen !== undefined && /^[0-9a-f]{16,64}$/.test(replaces) && seen.id.startsWith(replaces))
    return
  throw new ClientError(
    'conflict',
    seen === undefined
      ? `Nothing counts at ${line(path)} now: look again, then leave out --replaces.`
      : `Another version counts at ${line(path)} than --replaces names: read it, then prepare yours anew.`,
  )
}

/** In words, beside what is confirmed. */
export function replacedWords(view: Seen, path: string): string {
  const seen = countingAt(view, path)
  if (seen === undefined) return 'Nothing is released at this place now.'
  return `In place of what counts since ${seen.at} (${seen.id.slice(0, 16)}).`
}

function countingAt({ directory, clock }: Seen, path: string): Release | undefined {
  return releasesAt(directory, clock()).now.get(path)
}
