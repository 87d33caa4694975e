import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FailureCode } from '#worker'
import { sendFailureWords } from './report-failure.ts'

const CODES: readonly FailureCode[] = ['unreachable', 'unavailable', 'refused', 'problem', 'bug']

function words(code: FailureCode) {
  const { title, says } = sendFailureWords({
    code,
    message: 'Said by the desk.',
    check: '',
    evidence: [],
  })
  return { title, whole: says.join(' ') }
}

test('every failure says that text and files are kept, and what to do', () => {
  for (const code of CODES) {
    assert.match(words(code).whole, /text and files are still in this tab/)
    assert.match(words(code).whole, /again/)
  }
})

test('after silence nobody claims that the report was not taken', () => {
  for (const code of ['unreachable', 'unavailable'] as const) {
    assert.match(words(code).title, /no receipt yet/)
    assert.match(words(code).whole, /the same report gets the same receipt/)
  }
})

test('what the desk said is passed on where it said anything', () => {
  for (const code of CODES.filter((each) => each !== 'unreachable'))
    assert.match(words(code).whole, /Said by the desk\./)
})
