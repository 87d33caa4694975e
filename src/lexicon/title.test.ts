import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { titleOf } from './title.ts'

// Which title a text has is in vectors/title; here is what holds for every text.

test('a title is one line of 1 to 120 characters, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => {
      const title = titleOf(text)
      assert.ok(title.length > 0 && [...title].length <= 120)
      assert.doesNotMatch(title, /\p{Cc}/u)
      assert.equal(title, title.trim())
      assert.ok(title.isWellFormed())
    }),
  )
})

test('a title is the title of itself, marks aside', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z]{1,12}( [a-z]{1,12}){0,8}$/), (text) => {
      const title = titleOf(text)
      assert.equal(titleOf(title), title)
    }),
  )
})

test('no letter is torn from its accent, no emoji apart, where a title is cut', () => {
  const family = '👩‍👩‍👧‍👦'
  const cut = titleOf(`${'x'.repeat(115)}${family}${family}`)
  assert.equal(cut, `${'x'.repeat(115)}…`)
  const accents = titleOf(`${'x'.repeat(118)}e\u0301${'x'.repeat(20)}`)
  assert.equal(accents, `${'x'.repeat(118)}…`)
})

test('a hostile line of 256 KiB costs no time', () => {
  const began = performance.now()
  for (const part of [
    '*a ',
    '**a ',
    '_a ',
    '__a ',
    '[a',
    '![',
    '`a ',
    ' ',
    '#',
    '- ',
    '> ',
    '\n',
    '~~a ',
  ])
    titleOf(part.repeat((256 * 1024) / part.length))
  titleOf(`${' '.repeat(999)}\n`.repeat(256))
  assert.ok(performance.now() - began < 5000)
})
