import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ClientError, type ClientErrorCode, errorOfProblem } from '#client'
import { type ProblemCode, PROBLEMS } from '#contract'
import { Refused, type RefusedCode } from '#seal'
import { failureOf, Locked } from './failure-of.ts'
import type { FailureCode } from './operations.ts'

const EVIDENCE = [{ name: 'served', text: 'one past' }]

test('another past, or another desk, is an alarm with both texts', () => {
  for (const check of ['H1', 'H3', 'pin'] as const) {
    const failure = failureOf(new Refused(check, 'Another past.'), EVIDENCE)
    assert.deepEqual(failure, {
      code: 'alarm',
      message: 'Another past.',
      check,
      evidence: EVIDENCE,
    })
  }
})

test('every other failed check is a refusal that names it, and shows no evidence', () => {
  const checks: readonly RefusedCode[] = [
    'F1',
    'F5',
    'F7',
    'H2',
    'slot',
    'vault',
    'stale-directory',
  ]
  for (const check of checks) {
    const failure = failureOf(new Refused(check, 'A check failed.'), EVIDENCE)
    assert.deepEqual([failure.code, failure.check, failure.evidence], ['refused', check, []])
  }
  assert.equal(failureOf(new Refused('code', 'Twelve words.'), []).code, 'code')
})

test('every code of the client has a code for pages', () => {
  const expected: { readonly [C in ClientErrorCode]: FailureCode } = {
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
  for (const [code, page] of Object.entries(expected))
    assert.equal(failureOf(new ClientError(code as ClientErrorCode, 'x'), []).code, page, code)
})

test('the desk’s answer that a passkey must be touched again reaches the page as that', () => {
  const code: ProblemCode = 'not-fresh'
  const problem = { type: 'about:blank', ...PROBLEMS[code], code }
  const failure = failureOf(errorOfProblem(problem), [])
  assert.equal(failure.code, 'not-fresh')
})

test('a locked desk says so, and what nobody foresaw keeps its words to itself', () => {
  assert.equal(failureOf(new Locked(), []).code, 'locked')
  const bug = failureOf(new TypeError('secret words of a library'), EVIDENCE)
  assert.equal(bug.code, 'bug')
  assert.doesNotMatch(JSON.stringify(bug), /secret words/)
  assert.deepEqual(bug.evidence, [])
})
