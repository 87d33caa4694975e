import type { ThreadName } from '#worker'

/**
 * What was being written in a case, and to whom: a team note must not come back as a letter to the reporter.
 * Of attached files only the names: what is in them is the person’s own disk’s, and is asked for again.
 */
export type Draft = {
  readonly thread: ThreadName
  readonly text: string
  readonly files: readonly string[]
}

/** Kept as one text: the thread on its own first line, behind it the names. `""` forgets. */
export function draftText({ thread, text, files }: Draft): string {
  if (text === '' && files.length === 0) return ''
  const names = files.length === 0 ? '' : ` ${JSON.stringify(files)}`
  return `${thread}${names}\n${text}`
}

/** A draft whose thread is no longer among those that can be written to goes to the team, who lose nothing by it. */
export function readDraft(kept: string, writable: readonly ThreadName[]): Draft | undefined {
  const end = kept.indexOf('\n')
  if (end < 0) return undefined
  const [, name = '', names = '[]'] = /^(\S+)(?: (\[.*\]))?$/.exec(kept.slice(0, end)) ?? []
  const draft = { text: kept.slice(end + 1), files: JSON.parse(names) as string[] }
  const thread = writable.find((each) => each === name)
  if (thread !== undefined) return { thread, ...draft }
  return writable.includes('desk') ? { thread: 'desk', ...draft } : undefined
}
