import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readBack, wordsIn } from './read-back.ts'

const WORDS = 'dilemma butter airport about night pink soda clarify grace check hobby hammer'

test('numbers, commas, capitals and lines are forgiven', () => {
  for (const typed of [
    WORDS,
    `  ${WORDS.toUpperCase()}\n`,
    WORDS.split(' ').join(', '),
    WORDS.split(' ')
      .map((word, n) => `${String(n + 1)}. ${word}`)
      .join('\n'),
  ]) {
    assert.equal(readBack(WORDS, typed), true, typed)
  }
})

test('another word, another order, one less or one more is not forgiven', () => {
  const words = WORDS.split(' ')
  assert.equal(readBack(WORDS, words.with(2, 'airports').join(' ')), false)
  assert.equal(readBack(WORDS, words.toReversed().join(' ')), false)
  assert.equal(readBack(WORDS, words.slice(1).join(' ')), false)
  assert.equal(readBack(WORDS, `${WORDS} hammer`), false)
  assert.equal(readBack('', ''), false)
})

test('words are found whatever stands between them', () => {
  const gap = fc.constantFrom(' ', '\n', ', ', ' 12. ', '\t', ') ')
  fc.assert(
    fc.property(fc.array(gap, { minLength: 12, maxLength: 12 }), (gaps) => {
      const typed = WORDS.split(' ').map((word, n) => `${gaps[n] ?? ' '}${word}`)
      assert.deepEqual(wordsIn(typed.join('')), WORDS.split(' '))
    }),
  )
})
