import type { Api } from '#client'
import { SECOND } from '#lexicon'
import type { Say } from './serve-page.ts'

const EVERY = 8 * SECOND

/**
 * Live updates without a channel of their own: everything that happens at a desk makes its ledger longer,
 * and the length is public. Asking keeps no session alive. What it says is only a reason to look; nothing
 * of it is shown or remembered.
 */
export function watchLedger(
  api: () => Api | undefined,
  { say, wait }: { readonly say: Say; readonly wait: (milliseconds: number) => Promise<void> },
): void {
  let known = ''
  let online = true
  const look = async () => {
    const desk = api()
    if (desk === undefined) return
    try {
      const { note } = await desk.call('readCheckpoint', {})
      const size = note.split('\n')[1] ?? ''
      if (!online) say({ event: 'online', online: true })
      if (known !== '' && size !== known) say({ event: 'changed' })
      online = true
      known = size
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
