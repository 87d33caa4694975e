import type { NoticeWish } from '#lexicon'

/** How a member comes in, and how they are told. */
export type OwnWays = {
  readonly passkeys: readonly {
    readonly id: string
    readonly label: string
    readonly added: string
    readonly used: string
    readonly synced: boolean
    /** Opens the vault by itself; others need the recovery words. */
    readonly unlocks: boolean
  }[]
  readonly recovery: boolean
  /** The recovery words were used, or their request was withdrawn: new ones must be made first. */
  readonly renew: boolean
  /** Somebody asked for this person's keys with the words alone, and it may open them still. */
  readonly request: { readonly asked: string; readonly released: boolean } | undefined
  readonly address: string
  readonly notices: NoticeWish
  readonly sessions: readonly {
    readonly id: string
    readonly way: 'passkey' | 'key'
    readonly opened: string
    readonly seen: string
    readonly current: boolean
  }[]
}
