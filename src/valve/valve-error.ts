export type ValveErrorCode =
  // The draft or the release that was seen is not the newest one.
  | 'conflict'
  | 'not-found'
  // What a release names did not arrive.
  | 'incomplete'
  // Not the form that the document must have, or something in it that must not be published.
  | 'not-publishable'
  // What is stored has another hash, or the folded chain names what is not there.
  | 'damaged'

/** What the valve does not let through, and why, in one sentence. */
export class ValveError extends Error {
  override readonly name = 'ValveError'
  readonly code: ValveErrorCode

  constructor(code: ValveErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
