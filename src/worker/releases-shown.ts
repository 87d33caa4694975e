import type { PersonShown } from './shown.ts'

/** What coordinators see of the public tree: all of it from the verified chain, the bytes checked by their hash. */
export type ReleasesShown = {
  /** By path. */
  readonly published: readonly ReleaseShown[]
  /** For a second person, oldest first. */
  readonly waiting: readonly WaitingReleaseShown[]
  /** Signed by all whom it needs; its hour did not come. */
  readonly later: readonly ReleaseShown[]
  /** Signed, and never published by any reader of the chain. */
  readonly refused: readonly {
    readonly id: string
    readonly path: string
    readonly why: 'path' | 'licence' | 'doc'
  }[]
}

export type ReleaseShown = {
  readonly id: string
  readonly path: string
  readonly licence: string
  readonly by: PersonShown
  /** `undefined`: a contact fact, which counts by one. */
  readonly approvedBy: PersonShown | undefined
  /** Since when it counts, or from when on. */
  readonly at: string
}

export type WaitingReleaseShown = {
  readonly id: string
  readonly path: string
  readonly licence: string
  readonly by: PersonShown
  readonly at: string
  /** `""`: as soon as it is approved. */
  readonly notBefore: string
  /** Another person signed it: this one may approve. */
  readonly mine: boolean
}

export type OpenedReleaseShown = {
  readonly id: string
  readonly path: string
  readonly sha256: string
  /** In bytes. */
  readonly size: number
  /** `undefined`: it is no text. */
  readonly text: string | undefined
  /** What stands at this path now, where these bytes come in its place. */
  readonly before: string | undefined
}
