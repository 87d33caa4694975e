import assert from 'node:assert/strict'
import { existsSync, globSync } from 'node:fs'
import { test } from 'node:test'
import { filesOf, NAMED, TEST_FILES } from './test-files.ts'

test('every file of tests runs in one step, once', () => {
  const all = globSync('{src,tools,stories,vectors,bench}/**/*.test.{ts,tsx}').toSorted()
  const run = filesOf(['unit', 'vectors', 'stories']).map(({ path }) => path)
  assert.deepEqual(run.toSorted(), all)
  assert.ok(filesOf(['vectors']).every(({ step }) => step === 'vectors'))
  assert.deepEqual(Object.keys(TEST_FILES), ['unit', 'vectors', 'stories'])
})

test('the long ones come first, and none of those that are named is gone', () => {
  for (const path of NAMED) assert.ok(existsSync(path), path)
  const paths = filesOf(['unit', 'stories']).map(({ path }) => path)
  const firstUnit = paths.findIndex((path) => path.startsWith('src/lexicon/'))
  const lastStory = paths.findLastIndex((path) => path.startsWith('stories/'))
  assert.ok(lastStory < firstUnit, 'short ones fill the end')
})
