import assert from 'node:assert/strict'
import { test } from 'node:test'
import { opensWords, shutWords } from './unlock-words.ts'

test('every reason to be locked has words, and only logging out says that drafts are gone', () => {
  assert.match(shutWords('left', 'Example Foundation').lead, /drafts are gone/)
  for (const why of [undefined, 'idle', 'asked', 'ended', 'other-tab', 'left'] as const) {
    const { title, lead } = shutWords(why, 'Example Foundation')
    assert.ok(title !== '' && lead !== '')
    assert.doesNotMatch(`${title} ${lead}`, /lost|deleted/)
  }
})

test('who waits alone is told how long', () => {
  const opens = '2026-11-25T10:00:00Z'
  const at = Date.parse(opens)
  assert.equal(opensWords(opens, at - 72 * 3_600_000), 'It opens in 72 hours.')
  assert.equal(opensWords(opens, at - 90 * 60_000), 'It opens in 2 hours.')
  assert.equal(opensWords(opens, at - 1), 'It opens within the hour.')
  assert.match(opensWords(opens, at), /now/)
})
