export type SurveyErrorCode =
  'not-a-repository' | 'not-allowed' | 'unreachable' | 'too-large' | 'too-slow' | 'git'

/** A repository that was not looked at, and why. It says nothing about the project. */
export class SurveyError extends Error {
  override readonly name = 'SurveyError'
  readonly code: SurveyErrorCode

  constructor(code: SurveyErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
