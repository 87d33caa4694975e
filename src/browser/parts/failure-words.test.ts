import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failureWords } from './failure-words.ts'

test('a passkey that the desk refused is no matter for another coordinator', () => {
  const words = failureWords({ code: 'refused', check: 'passkey' })
  assert.match(words.title, /did not take this passkey/)
  assert.match(words.safe, /PIN, your finger or your face/)
  assert.doesNotMatch(words.safe, /coordinator|Nothing was sent/)
  assert.notEqual(words.retry, '')
})

test('every other check that failed is', () => {
  for (const check of ['F5', 'vault', 'invitation', ''])
    assert.match(failureWords({ code: 'refused', check }).safe, /Tell another coordinator/, check)
  assert.match(failureWords({ code: 'problem', check: 'passkey' }).title, /It was not done/)
})
