import assert from 'node:assert/strict'
import { test } from 'node:test'
import { REPORT_KINDS } from '#lexicon'
import { kindMark, kindTone, kindWord } from './kind-word.ts'

test('every kind is told in words, and only one of them is loud', () => {
  for (const kind of REPORT_KINDS) assert.match(kindWord(kind), /^[A-Z].* /, kind)
  assert.deepEqual(
    REPORT_KINDS.filter((kind) => kindTone(kind) === 'late'),
    ['exploited'],
  )
})

test('beside a title stands what is not an ordinary report', () => {
  assert.equal(kindMark('question'), 'A question')
  assert.equal(kindMark('takeover'), 'Package or account taken over')
  assert.equal(kindMark('vulnerability'), '')
  assert.equal(kindMark(''), '')
})
