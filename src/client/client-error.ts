import type { Problem, ProblemCode } from '#contract'

/** What went wrong between this machine and the desk, or in how it was asked. Failed checks are `Refused` of #seal. */
export type ClientErrorCode =
  | 'unreachable'
  | 'answer'
  | 'not-found'
  | 'not-allowed'
  | 'conflict'
  | 'refused'
  | 'unavailable'
  | 'journaled'
  | 'problem'
  | 'no-reader'
  | 'unknown-member'
  | 'need-root'
  | 'key-file'
  | 'handle'
  | 'document'

export class ClientError extends Error {
  override readonly name = 'ClientError'
  readonly code: ClientErrorCode
  readonly problem: Problem | undefined

  constructor(
    code: ClientErrorCode,
    message: string,
    options?: ErrorOptions & { problem?: Problem },
  ) {
    super(message, options)
    this.code = code
    this.problem = options?.problem
  }
}

const CODES: { readonly [C in ProblemCode]?: ClientErrorCode } = {
  'not-found': 'not-found',
  'not-logged-in': 'not-allowed',
  conflict: 'conflict',
  refused: 'refused',
  'not-publishable': 'document',
  unavailable: 'unavailable',
  'disk-full': 'unavailable',
  'too-many': 'unavailable',
  internal: 'unavailable',
}

/** The desk said no: its sentence, under our code. */
export function errorOfProblem(problem: Problem): ClientError {
  const check = problem.check === undefined ? '' : ` (${problem.check})`
  const detail = problem.detail === undefined ? '' : ` ${problem.detail}`
  const code = CODES[problem.code] ?? 'problem'
  return new ClientError(code, `${problem.title}${detail}${check}`, { problem })
}
