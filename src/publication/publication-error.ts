export type PublicationErrorCode =
  'outlives-key' | 'expires-too-late' | 'expired-already' | 'security-txt' | 'document' | 'taken'

/** What is not published, and why: one plain sentence. */
export class PublicationError extends Error {
  override readonly name = 'PublicationError'
  readonly code: PublicationErrorCode

  constructor(code: PublicationErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
