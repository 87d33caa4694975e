import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countWords, partOfSize, sizeWords } from './size-words.ts'

test('sizes are decimal, with one digit where it says something', () => {
  const said = [0, 1, 120, 999, 1000, 3200, 1_934_000, 999_600, 141_000_000, 1_073_741_824].map(
    sizeWords,
  )
  assert.deepEqual(said, [
    '0 bytes',
    '1 byte',
    '120 bytes',
    '999 bytes',
    '1 kB',
    '3.2 kB',
    '1.9 MB',
    '1 MB',
    '141 MB',
    '1.1 GB',
  ])
})

test('a part is counted in the unit of the whole, and never more than it', () => {
  assert.equal(partOfSize(86_000_000, 141_000_000), '86 of 141 MB')
  assert.equal(partOfSize(200_000_000, 141_000_000), '141 of 141 MB')
})

test('thousands stand apart by a space that does not break', () => {
  assert.equal(countWords(999), '999')
  assert.equal(countWords(48_207), '48\u00a0207')
  assert.equal(countWords(1_000_000), '1\u00a0000\u00a0000')
})
