export type LedgerErrorCode =
  // A statement came without everything that its head names, with more than that, or too large.
  | 'incomplete'
  | 'malformed'
  | 'too-large'
  // The ledger has no first entry yet, or has one already.
  | 'not-open'
  | 'already-open'
  // An entry does not verify.
  | 'broken'

/** What the ledger does not take, or found broken, in one sentence. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError'
  readonly code: LedgerErrorCode
  /** With `broken`: the number of the first entry that does not verify. */
  readonly entry: number | undefined

  constructor(
    code: LedgerErrorCode,
    message: string,
    options?: ErrorOptions & { readonly entry?: number },
  ) {
    super(message, options)
    this.code = code
    this.entry = options?.entry
  }
}
