import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FailureCode } from '#worker'
import { followFailureWords } from './follow-failure.ts'
import type { Trouble } from './follow-session.ts'

const ACTS: readonly Trouble['of'][] = ['opening', 'sending', 'proof', 'looking', 'file']

function words(of: Trouble['of'], code: FailureCode) {
  return followFailureWords({ of, failure: { code, message: '', check: '', evidence: [] } })
}

test('each act says by its own name that it was not done, and what to do', () => {
  assert.equal(new Set(ACTS.map((of) => words(of, 'problem').title)).size, ACTS.length)
  for (const of of ACTS)
    for (const code of ['unreachable', 'refused', 'bug'] as const)
      assert.match(words(of, code).safe, /try again/i)
})

test('after silence an answer may have arrived: the page says where to look', () => {
  assert.match(words('sending', 'unreachable').safe, /if your answer stands above, it arrived/)
  assert.doesNotMatch(words('sending', 'refused').safe, /it arrived/)
})

test('words that were typed are said to be still here and not to have left', () => {
  assert.match(words('opening', 'unavailable').safe, /did not leave this machine/)
})
