import type { Api } from '#client'
import { SECOND } from '#lexicon'
import type { Say } from './serve-page.ts'

const EVERY = 5 * SECOND

/** A desk that is open here, and how long its ledger was when it was opened. */
export type Watched = { readonly api: Api; readonly from: number }

/**
 * Live updates without a channel of their own: everything that happens at a desk makes its ledger longer,
 * and the length is public. Asking keeps no session alive. What it says is only a reason to look; nothing
 * of it is shown or remembered. Each growth is said once, whatever this machine verified meanwhile: whoever
 * looked at one case or at the people has not looked at the queue.
 */
export function watchLedger(
  watched: () => Watched | undefined,
  { say, wait }: { readonly say: Say; readonly wait: (milliseconds: number) => Promise<void> },
): void {
  let said = 0
  let of: Api | undefined
  let online = true
  const look = async () => {
    const desk = watched()
    if (desk === undefined) return
    if (of !== desk.api) said = desk.from
    of = desk.api
    try {
      const { note } = await desk.api.call('readCheckpoint', {})
      const size = Number(note.split('\n')[1])
      if (!online) say({ event: 'online', online: true })
      online = true
      if (size > said) say({ event: 'changed' })
      said = Math.max(said, size)
    } catch {
      if (online) say({ event: 'online', online: false })
      online = false
    }
  }
  const watch = async () => {
    for (;;) {
      await wait(EVERY)
      await look()
    }
  }
  void watch()
}
