import { type ProblemCode, PROBLEMS } from '#contract'

/** What the front door refuses by itself, before or around a room. Its sentence is the problem's title. */
export class HttpError extends Error {
  override readonly name = 'HttpError'
  readonly code: ProblemCode
  /** Seconds, for Retry-After. */
  readonly retryAfter: number | undefined

  constructor(code: ProblemCode, options?: ErrorOptions & { readonly retryAfter?: number }) {
    super(PROBLEMS[code].title, options)
    this.code = code
    this.retryAfter = options?.retryAfter
  }
}
