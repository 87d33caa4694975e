import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LIMITS } from '#lexicon'
import { CANNED_REPLIES, hasBlank, repliesThatClose } from './canned-replies.ts'

test('a reply with a blank left in it is found, a filled one is not', () => {
  const blank = CANNED_REPLIES.find(({ title }) => title === 'Not a vulnerability')?.text ?? ''
  assert.ok(hasBlank(blank))
  assert.ok(!hasBlank(blank.replace(/^\(.+\)\.?$/m, 'the file is the user’s own.')))
  assert.ok(!hasBlank('Thank you (really).'))
})

test('every reply thanks, promises no date and has its own title', () => {
  for (const { text } of CANNED_REPLIES) {
    assert.ok(text.length < LIMITS.text)
    assert.doesNotMatch(text, /within \w+ (days|hours|weeks)|soon|ASAP|!/i)
  }
  assert.equal(new Set(CANNED_REPLIES.map(({ title }) => title)).size, CANNED_REPLIES.length)
})

test('replies that close a case say how it is opened again', () => {
  assert.ok(repliesThatClose().length > 3)
  for (const { text } of repliesThatClose())
    assert.match(text, /tell us|show us|send us|write it down/)
})
