import {
  checkClaimLink,
  type Claimant,
  claimCase,
  type ClaimLink,
  createApi,
  type DeskView,
  type Memory,
  newClaimant,
  openDesk,
  type Send,
} from '#client'
import type { ClaimOperations } from './operations.ts'
import type { Handlers } from './serve-page.ts'
import { deskShown } from './show-desk.ts'

export type ClaimDeps = {
  readonly memory: Memory
  readonly clock: () => number
  readonly send: Send
}

/** Somebody with a link out of a mail: makes keys, and posts one claim. Everything dies with the page. */
export function claimHandlers({ memory, clock, send }: ClaimDeps): Handlers<ClaimOperations> {
  let view: DeskView | undefined
  let link: ClaimLink | undefined
  let claimant: Promise<Claimant> | undefined
  return {
    openDesk: async (pin) => {
      view = await openDesk(
        { api: createApi({ origin: pin.origin, send }), memory, clock },
        pin.desk,
      )
      return deskShown(view)
    },
    checkClaim: async ({ fragment }) => {
      link = await checkClaimLink(present(view), fragment)
      const { state, number } = link
      return { state, number }
    },
    makeClaim: async () => {
      // While the person reads. The same keys for the same link, however often the page asks.
      claimant ??= newClaimant(present(view))
      const { words, keyWords } = await claimant
      return { words, keyWords }
    },
    sendClaim: async () => ({
      state: await claimCase(present(view), present(link), await present(claimant)),
    }),
    leave: async () => {
      claimant = undefined
      link = undefined
      return {}
    },
  }
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new RangeError('Asked in the wrong order.')
  return value
}
