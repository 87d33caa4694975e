export type IntakeErrorCode =
  // The desk chain moved while the report was sealed, or this upload holds something else.
  | 'conflict'
  | 'not-found'
  | 'not-open'
  | 'malformed'
  | 'incomplete'
  | 'too-large'
  // The database is away, and this cannot wait in the journal.
  | 'unavailable'
  | 'disk-full'

/** Why the letterbox did not take something, in one sentence. Nothing of it was kept. */
export class IntakeError extends Error {
  override readonly name = 'IntakeError'
  readonly code: IntakeErrorCode

  constructor(code: IntakeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
