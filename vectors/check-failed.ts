/** A check of a vector that no function of the product names by a code of its own. */
export class CheckFailed extends Error {
  override readonly name = 'CheckFailed'
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}
