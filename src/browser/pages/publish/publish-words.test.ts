import assert from 'node:assert/strict'
import { test } from 'node:test'
import { placeWords, refusalWords } from './publish-words.ts'

test('a place is called what a reader finds there', () => {
  assert.equal(placeWords('.well-known/security.txt'), 'security.txt')
  assert.equal(placeWords('directory/index.json'), 'The directory of projects')
  assert.equal(placeWords('keys/security.asc'), 'A public key')
  assert.equal(placeWords('guides/reporters.md'), 'The guide for reporters')
  assert.equal(placeWords('guides/packagers.md'), 'A guide')
  assert.equal(placeWords('advisories/one.json'), 'A document')
  // A name that every object has is no page of ours.
  assert.equal(placeWords('constructor'), 'A document')
})

test('each refusal says what to do', () => {
  for (const why of ['path', 'licence', 'doc'] as const) assert.match(refusalWords(why), /anew/)
})
