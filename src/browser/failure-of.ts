import type { Failure } from '#worker'
import { Failed } from './ask-worker.ts'

/** What the worker said, or that something unforeseen happened here. */
export function failureOf(error: unknown): Failure {
  return error instanceof Failed ? error.failure : UNFORESEEN
}

const UNFORESEEN: Failure = {
  code: 'bug',
  message: 'Something happened that this page did not foresee. What you wrote is still here.',
  check: '',
  evidence: [],
}
