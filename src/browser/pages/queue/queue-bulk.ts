import { signal } from '@preact/signals'
import type { CaseShown, Failure } from '#worker'
import { attempt, onForget, say } from '../../desk-state.ts'
import { casesWord } from './queue-words.ts'
import { rowAt, settle } from './queue-state.ts'

export type BulkFailure = {
  readonly id: string
  readonly number: string
  readonly failure: Failure
}

export type Bulk = {
  /** `Acknowledging`, as it stands before the count. */
  readonly doing: string
  readonly done: number
  readonly total: number
  readonly failures: readonly BulkFailure[]
  readonly over: boolean
}

/** The one bulk act that runs or ran last; it stands in the bar until it is closed. */
export const bulk = signal<Bulk | undefined>(undefined)

/** The text of the bulk reply, until everybody has it. */
export const replyText = signal('')

let stopped = false

onForget(() => {
  stopped = true
  bulk.value = undefined
  replyText.value = ''
})

/**
 * Does the same act to several cases, one after the other: each is its own signed statement, so one that
 * fails leaves the others done. Returns the ids that were not done.
 */
export async function runBulk(
  doing: string,
  done: string,
  ids: readonly string[],
  act: (id: string) => Promise<CaseShown>,
): Promise<readonly string[]> {
  stopped = false
  const failures: BulkFailure[] = []
  bulk.value = { doing, done: 0, total: ids.length, failures, over: false }
  let count = 0
  for (const id of ids) {
    if (stopped) break
    const tried = await attempt(act(id))
    if (tried.ok) settle(tried.answer)
    else failures.push({ id, number: rowAt(id)?.number ?? '', failure: tried.failure })
    // After a lock or an alarm nothing is shown any more.
    if (bulk.value === undefined) return []
    count++
    bulk.value = { doing, done: count, total: ids.length, failures: [...failures], over: false }
    if (!tried.ok && tried.failure.code === 'unreachable') break
  }
  const good = count - failures.length
  bulk.value = { doing, done: count, total: ids.length, failures, over: true }
  say(
    `${casesWord(good)} ${done}.${failures.length > 0 ? ` ${casesWord(failures.length)} not.` : ''}`,
  )
  if (failures.length === 0 && count === ids.length) bulk.value = undefined
  return [...failures.map(({ id }) => id), ...ids.slice(count)]
}

/** An act that was done to all of them at once, or to none. */
export function failed(doing: string, ids: readonly string[], failure: Failure): void {
  const failures = ids.map((id) => ({ id, number: rowAt(id)?.number ?? '', failure }))
  bulk.value = { doing, done: 0, total: ids.length, failures, over: true }
}

export function stopBulk(): void {
  stopped = true
}

export function closeBulk(): void {
  bulk.value = undefined
}
