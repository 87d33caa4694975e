import type { ThreadName } from '#worker'

/** What was being written in a case, and to whom: a team note must not come back as a letter to the reporter. */
export type Draft = { readonly thread: ThreadName; readonly text: string }

/** Kept as one text: the thread on its own first line. `""` forgets. */
export function draftText({ thread, text }: Draft): string {
  return text === '' ? '' : `${thread}\n${text}`
}

/** A draft whose thread is no longer among those that can be written to goes to the team, who lose nothing by it. */
export function readDraft(kept: string, writable: readonly ThreadName[]): Draft | undefined {
  const end = kept.indexOf('\n')
  if (end < 0) return undefined
  const text = kept.slice(end + 1)
  const thread = writable.find((each) => each === kept.slice(0, end))
  if (thread !== undefined) return { thread, text }
  return writable.includes('desk') ? { thread: 'desk', text } : undefined
}
