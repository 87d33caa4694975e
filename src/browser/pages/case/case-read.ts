import { useEffect } from 'preact/hooks'
import type { CaseShown } from '#worker'
import { ask } from '../../ask-worker.ts'
import { attempt, say } from '../../desk-state.ts'
import { keepCase, knownCase } from './case-memory.ts'
import { waitsForAnswer } from './case-words.ts'
import { markRead, settle } from '../queue/queue-state.ts'

/** The page shows the case, and somebody can see it: what stands there is read. A glance from the queue is not. */
export function useReading(shown: CaseShown | undefined): void {
  const last = shown?.entries.at(-1)?.seq ?? -1
  useEffect(() => {
    if (shown === undefined || last < shown.unseenFrom) return undefined
    const note = () => {
      if (document.visibilityState !== 'visible') return
      document.removeEventListener('visibilitychange', note)
      void noteRead(shown.id, last)
    }
    document.addEventListener('visibilitychange', note)
    note()
    return () => document.removeEventListener('visibilitychange', note)
  }, [shown?.id, last])
}

/**
 * Nobody is owed anything for what the reporter wrote last: a thank you, or a word that others answered.
 * It is this person’s own note, sealed on this machine; the next word of the reporter asks again.
 */
export function needsNoAnswer(shown: CaseShown): void {
  const quiet = waitsForAnswer(shown)
  if (quiet < 0) return
  void attempt(ask('keepPlace', { id: shown.id, read: -1, quiet }))
  const now = knownCase(shown.id)
  if (now !== undefined) settle(keepCase({ ...now, quiet }))
  say('No answer is asked for until the reporter writes again.')
}

async function noteRead(id: string, read: number): Promise<void> {
  const done = await attempt(ask('keepPlace', { id, read, quiet: -1 }))
  if (!done.ok) return
  const now = knownCase(id)
  if (now !== undefined) keepCase({ ...now, unseenFrom: Math.max(now.unseenFrom, read + 1) })
  markRead(id)
}
