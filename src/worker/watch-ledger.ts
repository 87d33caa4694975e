import type { Api } from '#client'
import { SECOND } from '#lexicon'
import type { Say } from './serve-page.ts'

const EVERY = 5 * SECOND

/**
 * Live updates without a channel of their own: everything that happens at a desk makes its ledger longer,
 * and the length is public. Asking keeps no session alive. What it says is only a reason to look; nothing
 * of it is shown or remembered.
 */
export function watchLedger(
  watched: () => { readonly api: Api; readonly size: number } | undefined,
  { say, wait }: { readonly say: Say; readonly wait: (milliseconds: number) => Promise<void> },
): void {
  let said = 0
  let online = true
  const look = async () => {
    const desk = watched()
    if (desk === undefined) return
    try {
      const { note } = await desk.api.call('readCheckpoint', {})
      const size = Number(note.split('\n')[1])
      if (!online) say({ event: 'online', online: true })
      online = true
      // Once for each growth: the page may choose to look later.
      if (size > desk.size && size > said) say({ event: 'changed' })
      said = size
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
