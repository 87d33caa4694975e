export type DeskErrorCode =
  // Somebody appended first, or the desk chain moved: read anew and try again.
  | 'conflict'
  // Unknown, or not for this person: one answer for both.
  | 'not-found'
  | 'not-open'
  // What was to leave by mail may not, or cannot.
  | 'not-mailable'
  // More than an honest client ever writes.
  | 'too-many'
  // What is stored fails its own checks.
  | 'damaged'

/** What the desk does not do, in one sentence. */
export class DeskError extends Error {
  override readonly name = 'DeskError'
  readonly code: DeskErrorCode

  constructor(code: DeskErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
