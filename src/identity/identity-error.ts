export type IdentityErrorCode =
  | 'not-open'
  | 'already-open'
  | 'conflict'
  | 'read-only'
  | 'not-found'
  | 'too-many'
  | 'not-fresh'
  | 'must-renew'
  | 'wrong-passkey'
  // Of the server itself: the operator reads these, nobody at the door.
  | 'other-server'
  | 'damaged'

/** What the door refuses, and why, in one sentence. */
export class IdentityError extends Error {
  override readonly name = 'IdentityError'
  readonly code: IdentityErrorCode

  constructor(code: IdentityErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
