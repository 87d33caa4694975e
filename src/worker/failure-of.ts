import { ClientError, type ClientErrorCode } from '#client'
import { Refused } from '#seal'
import type { Failure, FailureCode } from './operations.ts'

/** The session ended or the keys are put away: unlock first. */
export class Locked extends Error {
  override readonly name = 'Locked'
}

/** A server that shows another past than before, or another desk (H1, H3, pin): everything stops. */
const ALARMS: readonly string[] = ['H1', 'H3', 'pin']

const CODES: { readonly [C in ClientErrorCode]: FailureCode } = {
  unreachable: 'unreachable',
  unavailable: 'unavailable',
  journaled: 'unavailable',
  'not-found': 'not-found',
  'not-allowed': 'locked',
  answer: 'problem',
  conflict: 'problem',
  refused: 'refused',
  problem: 'problem',
  'no-reader': 'problem',
  'unknown-member': 'problem',
  'need-root': 'problem',
  'key-file': 'code',
  handle: 'problem',
  document: 'problem',
}

/** Does everything stop at this error? */
export function isAlarm(error: unknown): boolean {
  return error instanceof Refused && ALARMS.includes(error.code)
}

/** What a page is told of an error: a sentence and a code, never a stack or the words of a library. */
export function failureOf(error: unknown, evidence: Failure['evidence']): Failure {
  if (error instanceof Locked)
    return {
      code: 'locked',
      message: 'The desk is locked on this machine.',
      check: '',
      evidence: [],
    }
  if (error instanceof Refused) {
    const { code: check, message } = error
    if (check === 'code') return { code: 'code', message, check: '', evidence: [] }
    const alarm = isAlarm(error)
    return { code: alarm ? 'alarm' : 'refused', message, check, evidence: alarm ? evidence : [] }
  }
  if (error instanceof ClientError) {
    const { problem, message } = error
    const code = problem?.code === 'not-fresh' ? 'not-fresh' : CODES[error.code]
    return { code, message, check: problem?.check ?? '', evidence: [] }
  }
  const message = 'This page made a mistake. Load it again and look whether your last act is there.'
  return { code: 'bug', message, check: '', evidence: [] }
}
