/** What a bench asks of its page, and what it hears. */
export type Visit = {
  readonly worker: string
  readonly desk: string
  readonly keyFile: string
  readonly passphrase: string
  readonly id: string
}

export type Visited = {
  /** Milliseconds to the first screen, to the last entry, and to the first screen of the next look. */
  readonly first: number
  readonly whole: number
  readonly later: number
  /** Messages that the first screen had, and that there were in the end. */
  readonly opened: number
  readonly messages: number
}

/** Milliseconds of each round. */
export type Sealed = { readonly bare: number[]; readonly sealed: number[] }
