import assert from 'node:assert/strict'
import { test } from 'node:test'
import { claimFileName, claimText, DEAD_LINKS } from './claim-words.ts'

const kept = {
  number: '2026-7F3KQ',
  words: 'one two three four five six seven eight nine ten eleven twelve',
  keyWords: 'aa bb cc dd ee ff gg hh ii jj kk ll',
}

test('the file holds both lists, where they are used, and which of them is secret', () => {
  const text = claimText(kept, 'Example Security', 'https://desk.example')
  for (const said of [kept.number, kept.words, kept.keyWords, 'https://desk.example/follow'])
    assert.ok(text.includes(said), said)
  assert.ok(text.indexOf(kept.words) < text.indexOf('not secret'))
  assert.match(claimFileName(kept), /^postern-2026-7F3KQ-.*secret\.txt$/)
})

test('each dead link says what happened, and what to do next', () => {
  for (const [why, [title, says]] of Object.entries(DEAD_LINKS)) {
    assert.match(title, /\.$/, why)
    assert.match(says, /nswer the mail|rite (to the desk|a new report)|open it again/, why)
  }
})
