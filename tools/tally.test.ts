import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lastLine, oneCheck, sum, tallyOf } from './tally.ts'

type Event = Parameters<typeof tallyOf>[0][number]

function summary(
  passed: number,
  failed: number,
  more: { skipped?: number; cancelled?: number; success?: boolean; file?: string } = {},
): Event {
  const { skipped = 0, cancelled = 0, success = true, file } = more
  const tests = passed + failed + skipped + cancelled
  const counts = { tests, passed, skipped, cancelled, todo: 0, suites: 0, topLevel: tests }
  return { type: 'test:summary', data: { counts, duration_ms: 1, file, success } }
}

function skipped(name: string, why: string): Event {
  const details = { duration_ms: 1, type: 'test' } as const
  const where = { nesting: 0, testNumber: 1, testId: 1, parentId: 0, tags: [] }
  return { type: 'test:pass', data: { name, details, ...where, skip: why } }
}

test('the last line counts what passed and what failed', () => {
  assert.equal(
    lastLine(sum([oneCheck(true), oneCheck(false), oneCheck(true)])),
    '2 passed, 1 failed',
  )
})

test('a skipped test is said with its reason', () => {
  const tally = tallyOf([skipped('full disk', 'needs root'), summary(4, 0, { skipped: 1 })])
  assert.deepEqual(tally.skipped, [{ name: 'full disk', why: 'needs root' }])
  assert.equal(lastLine(tally), '4 passed, 0 failed, 1 skipped')
})

test('a run that died before its counts is a failure', () => {
  assert.equal(tallyOf([]).failed, 1)
  assert.equal(tallyOf([skipped('full disk', 'needs root')]).failed, 1)
})

test('a run that counts no failure but ends badly is a failure', () => {
  assert.equal(tallyOf([summary(3, 0, { success: false })]).failed, 1)
  assert.equal(tallyOf([summary(3, 2, { success: false })]).failed, 2)
})

test('a test that was cancelled has failed, and the counts of one file are not those of the run', () => {
  assert.equal(tallyOf([summary(3, 0, { cancelled: 2, success: false })]).failed, 2)
  assert.equal(tallyOf([summary(3, 0, { file: 'a.test.ts' })]).failed, 1)
})
