import assert from 'node:assert/strict'
import { test } from 'node:test'
import { draftText, readDraft } from './case-draft.ts'

test('a draft comes back with the thread for which it was written', () => {
  const draft = { thread: 'desk', text: 'Between us:\nall is well' } as const
  assert.deepEqual(readDraft(draftText(draft), ['all', 'desk']), draft)
})

test('a note of the team never comes back as a letter to the reporter', () => {
  assert.equal(readDraft(draftText({ thread: 'desk', text: 'note' }), ['all']), undefined)
  assert.deepEqual(readDraft(draftText({ thread: 'p-gone', text: 'x' }), ['all', 'desk']), {
    thread: 'desk',
    text: 'x',
  })
})

test('an empty text forgets the draft', () => {
  assert.equal(draftText({ thread: 'all', text: '' }), '')
  assert.equal(readDraft('', ['all']), undefined)
})
