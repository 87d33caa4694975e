/** Why an operator's command ends. The message is one sentence for the operator. */
export type ServerErrorCode =
  // What was typed, or where: nothing was done.
  | 'usage'
  // The data folder is held by another process.
  | 'busy'
  | 'unreachable'
  | 'not-found'
  // A check failed.
  | 'refused'

export class ServerError extends Error {
  override readonly name = 'ServerError'
  readonly code: ServerErrorCode

  constructor(code: ServerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
