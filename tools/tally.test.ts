import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lastLine, oneCheck, sum, tallyFrom } from './tally.ts'

const counts = (passed: number, failed: number) =>
  `${JSON.stringify({ counts: { passed, failed, skipped: 0 } })}\n`

test('the last line counts what passed and what failed', () => {
  assert.equal(
    lastLine(sum([oneCheck(true), oneCheck(false), oneCheck(true)])),
    '2 passed, 1 failed',
  )
})

test('a skipped test is said with its reason', () => {
  const skip = `${JSON.stringify({ skipped: 'full disk', why: 'needs root' })}\n`
  const tally = tallyFrom(skip + counts(4, 0), true)
  assert.deepEqual(tally.skipped, [{ name: 'full disk', why: 'needs root' }])
  assert.equal(lastLine(tally), '4 passed, 0 failed, 1 skipped')
})

test('a run that died before its counts is a failure', () => {
  assert.equal(tallyFrom('', true).failed, 1)
})

test('a run that counts no failure but exits badly is a failure', () => {
  assert.equal(tallyFrom(counts(3, 0), false).failed, 1)
  assert.equal(tallyFrom(counts(3, 2), false).failed, 2)
})
