import assert from 'node:assert/strict'
import { test } from 'node:test'
import { differsAt } from './differs-at.ts'

const WORDS = 'skin rose dwarf neither rookie tornado twelve economy receive speed warfare opinion'

test('it names the place and never the word that was shown', () => {
  const wrong = WORDS.replace('neither', 'netiher')
  assert.match(differsAt(WORDS, wrong), /^Word 4 /)
  for (const word of WORDS.split(' ')) assert.ok(!differsAt(WORDS, wrong).includes(word), word)
})

test('words that are missing, too many or right are told apart', () => {
  assert.equal(differsAt(WORDS, WORDS.toUpperCase()), '')
  assert.match(differsAt(WORDS, 'skin rose dwarf'), /^These are 3 of 12 words/)
  assert.match(differsAt(WORDS, ''), /^These are 0 of 12/)
  assert.match(differsAt(WORDS, 'skin dwarf'), /^Word 2 /)
  assert.match(differsAt(WORDS, `${WORDS} again`), /^These are 13 words/)
})
