import { ClientError, type ClientErrorCode } from '#client'
import { DirectoryError } from '#directory'
import { PublicationError } from '#publication'
import { Refused } from '#seal'
import { line } from './print.ts'
import { UsageError } from './usage.ts'

/** The contract of the command line: 0 done, 2 usage, 3 unreachable, 4 not found or not allowed, 5 a check failed. */
export const EXIT = { done: 0, usage: 2, unreachable: 3, notFound: 4, refused: 5 } as const

const EXITS: { readonly [C in ClientErrorCode]: number } = {
  unreachable: EXIT.unreachable,
  unavailable: EXIT.unreachable,
  journaled: EXIT.unreachable,
  conflict: EXIT.unreachable,
  'not-found': EXIT.notFound,
  'not-allowed': EXIT.notFound,
  'no-reader': EXIT.notFound,
  'unknown-member': EXIT.notFound,
  'need-root': EXIT.notFound,
  'key-file': EXIT.notFound,
  refused: EXIT.refused,
  answer: EXIT.refused,
  problem: EXIT.usage,
  handle: EXIT.usage,
  document: EXIT.usage,
}

/** The exit code and the one sentence for a person. Nothing of what failed its check is in it. */
export function exitOf(error: unknown): { readonly code: number; readonly sentence: string } {
  if (error instanceof UsageError) return { code: EXIT.usage, sentence: error.message }
  if (error instanceof ClientError)
    return { code: EXITS[error.code], sentence: line(error.message) }
  if (error instanceof Refused) {
    // Words that do not exist are words that this desk does not know.
    if (error.code === 'code') return { code: EXIT.notFound, sentence: error.message }
    const sentence = `Stopped, because a check failed (${error.code}): ${line(error.message)}`
    return { code: EXIT.refused, sentence }
  }
  if (error instanceof DirectoryError) return { code: EXIT.refused, sentence: line(error.message) }
  if (error instanceof PublicationError)
    return { code: EXIT.refused, sentence: line(error.message) }
  const named = fileSentence(error)
  if (named !== undefined) return { code: EXIT.usage, sentence: named }
  const what = error instanceof Error ? error.name : typeof error
  return { code: 1, sentence: `The program made a mistake (${what}). Nothing was sent after it.` }
}

const FILE_SENTENCES: Readonly<Record<string, string>> = {
  ENOENT: 'There is no file',
  EACCES: 'You may not open',
  EISDIR: 'This is a folder, not a file:',
  EEXIST: 'This exists already:',
  ENOSPC: 'There is no room left to write',
  ENOTDIR: 'This is not a folder:',
}

function fileSentence(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('path' in error)) return undefined
  const sentence = FILE_SENTENCES[String(error.code)]
  return sentence === undefined ? undefined : `${sentence} ${line(String(error.path))}.`
}
