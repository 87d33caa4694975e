import assert from 'node:assert/strict'
import { test } from 'node:test'
import { draftText, readDraft } from './case-draft.ts'

test('a draft comes back with the thread for which it was written', () => {
  const draft = { thread: 'desk', text: 'Between us:\nall is well', files: [] } as const
  assert.deepEqual(readDraft(draftText(draft), ['all', 'desk']), draft)
})

test('a note of the team never comes back as a letter to the reporter', () => {
  assert.equal(
    readDraft(draftText({ thread: 'desk', text: 'note', files: [] }), ['all']),
    undefined,
  )
  assert.deepEqual(
    readDraft(draftText({ thread: 'p-gone', text: 'x', files: [] }), ['all', 'desk']),
    {
      thread: 'desk',
      text: 'x',
      files: [],
    },
  )
})

test('an empty text forgets the draft', () => {
  assert.equal(draftText({ thread: 'all', text: '', files: [] }), '')
  assert.equal(readDraft('', ['all']), undefined)
})

test('the names of attached files come back, whatever signs they hold', () => {
  const draft = { thread: 'all', text: '', files: ['a b].txt', 'line\nbreak', '"'] } as const
  assert.deepEqual(readDraft(draftText(draft), ['all']), draft)
})
