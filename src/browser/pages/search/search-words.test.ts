import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lookedThrough, markParts } from './search-words.ts'

test('what was not looked through is said', () => {
  assert.equal(
    lookedThrough({ hits: [], searched: 12, onlyTitles: 388 }),
    'Messages of 12 cases were looked through. 388 cases were not opened since you unlocked: only the title was looked at.',
  )
  assert.doesNotMatch(lookedThrough({ hits: [], searched: 1, onlyTitles: 0 }), /only the title/)
})

test('found words are cut out, whatever signs they hold', () => {
  assert.deepEqual(markParts('a Path here', 'path'), ['a ', 'Path', ' here'])
  assert.deepEqual(markParts('f(x) = 1', '(x)'), ['f', '(x)', ' = 1'])
  assert.deepEqual(markParts('text', ' '), ['text'])
  assert.equal(markParts('a [b] c a', 'a [b').join(''), 'a [b] c a')
})
